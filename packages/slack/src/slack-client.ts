import type { JsonObject } from '@slack-mcp/core';
import { createSlackPort, type SlackPortOptions } from './create-slack-port.ts';
import { createSlackEgress, type SlackEgress } from './egress/slack-egress.ts';
import { type PostResponseOptions, postResponse } from './post-response.ts';
import type { ResponseMessage } from './response-message.ts';
import type { SlackAnswer, SlackArguments, SlackMethod, TakesNoArguments } from './slack-methods.ts';
import type { SlackCallOptions, SlackPort } from './slack-port.ts';

/** What `call` takes after the name of a method. */
export type SlackCallParameters<M extends SlackMethod> =
  TakesNoArguments<M> extends true
    ? [args?: SlackArguments<M>, options?: SlackCallOptions]
    : [args: SlackArguments<M>, options?: SlackCallOptions];

/** Slack's Web API, as `@slack/web-api` types it: names of methods, their arguments and answers are checked. */
export interface SlackClient {
  /**
   * Calls a method: `call('chat.postMessage', { channel: 'C0123456789', text: 'Hello' })`.
   *
   * @throws SlackError - see `SlackPort.call`
   */
  call<M extends SlackMethod>(method: M, ...rest: SlackCallParameters<M>): Promise<SlackAnswer<M>>;
  /**
   * Calls a method that the types do not name, or whose name is known only at run time.
   *
   * @throws SlackError - see `SlackPort.call`
   */
  request(method: string, args?: Readonly<Record<string, unknown>>, options?: SlackCallOptions): Promise<JsonObject>;
  /**
   * Posts to the `response_url` of a command or an interaction.
   *
   * @throws SlackResponseError - the URL is not one of Slack's, or the message was not taken
   */
  respond(responseUrl: string, message: ResponseMessage, options?: PostResponseOptions): Promise<void>;
  /**
   * The client of the workspace that something came from. A client of one workspace is always that one's.
   *
   * @param team - ids of the workspace and of its Enterprise organization, as an event names them
   */
  forTeam(team: TeamIds): SlackClient;
}

/** Slack's ids of a workspace, or of the organization that an app is installed in. */
export interface TeamIds {
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
}

/** Options of `createSlackClient`. */
export type SlackClientOptions = SlackPortOptions;

/**
 * A client for one workspace.
 *
 * @throws ConfigurationError - `apiUrl` would send tokens unencrypted
 */
export function createSlackClient(options: SlackClientOptions): SlackClient {
  const egress = options.egress ?? createSlackEgress(options);
  return clientOf(createSlackPort({ ...options, egress }), egress);
}

/** The typed client in front of a port. */
export function clientOf(port: SlackPort, egress: SlackEgress): SlackClient {
  const client: SlackClient = {
    call: typedCall(port.call),
    request: port.call,
    respond: (url, message, options) => postResponse(egress, url, message, options),
    forTeam: () => client,
  };
  return client;
}

/** What `@slack/web-api` says about a method, said about a call by its name. */
export function typedCall(request: SlackClient['request']): SlackClient['call'] {
  return async <M extends SlackMethod>(method: M, ...[args, options]: SlackCallParameters<M>) =>
    (await request(method, args as Readonly<Record<string, unknown>>, options)) as unknown as SlackAnswer<M>;
}
