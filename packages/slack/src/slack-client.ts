import type { JsonObject } from '@slack-mcp/core';
import { createSlackPort, type SlackPortOptions } from './create-slack-port.ts';
import { createSlackEgress, type SlackEgress } from './egress/slack-egress.ts';
import { type PostResponseOptions, postResponse } from './post-response.ts';
import type { ResponseMessage } from './response-message.ts';
import type { SlackAnswer, SlackArguments, SlackMethod, TakesNoArguments } from './slack-methods.ts';
import type { SlackCallOptions, SlackPort } from './slack-port.ts';
import { withTeamId } from './team-methods.ts';

/** The parameters of `call` after the method name. */
export type SlackCallParameters<M extends SlackMethod> =
  TakesNoArguments<M> extends true
    ? [args?: SlackArguments<M>, options?: SlackCallOptions]
    : [args: SlackArguments<M>, options?: SlackCallOptions];

/** A Slack client with the types of `@slack/web-api` for method names, arguments and answers. */
export interface SlackClient {
  /**
   * Calls a method, for example `call('chat.postMessage', { channel: 'C0123456789', text: 'Hello' })`.
   *
   * @throws SlackError - see `SlackPort.call`
   */
  call<M extends SlackMethod>(method: M, ...rest: SlackCallParameters<M>): Promise<SlackAnswer<M>>;
  /**
   * Calls a method that the types do not include, or whose name is known only at run time.
   *
   * @throws SlackError - see `SlackPort.call`
   */
  request(method: string, args?: Readonly<Record<string, unknown>>, options?: SlackCallOptions): Promise<JsonObject>;
  /**
   * Posts to the `response_url` of a command or an interaction.
   *
   * @throws SlackResponseError - the URL does not belong to Slack, or Slack did not accept the message
   */
  respond(responseUrl: string, message: ResponseMessage, options?: PostResponseOptions): Promise<void>;
  /**
   * Returns the client of the workspace that an event came from. A client of one workspace returns a client with the
   * same tokens. If the event names an organization, the returned client adds `team_id` to calls of methods that
   * require it with the token of an organization.
   *
   * @param team - the ids of the workspace and its Enterprise organization, from an event
   */
  forTeam(team: TeamIds): SlackClient;
}

/** Slack's ids of a workspace, or of the organization that the app is installed in. */
export interface TeamIds {
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
}

/** Options of `createSlackClient`. */
export type SlackClientOptions = SlackPortOptions;

/**
 * Creates a client for one workspace.
 *
 * @throws ConfigurationError - `apiUrl` would send tokens unencrypted
 */
export function createSlackClient(options: SlackClientOptions): SlackClient {
  const egress = options.egress ?? createSlackEgress(options);
  return clientOf(createSlackPort({ ...options, egress }), egress);
}

/** Creates a typed client that calls Slack through a port. */
export function clientOf(port: SlackPort, egress: SlackEgress): SlackClient {
  const client: SlackClient = {
    call: typedCall(port.call),
    request: port.call,
    respond: (url, message, options) => postResponse(egress, url, message, options),
    forTeam: (team) => inTeam(client, team),
  };
  return client;
}

/** Returns a client whose calls name the workspace of an event, if the workspace belongs to an organization. */
function inTeam(client: SlackClient, { teamId, enterpriseId }: TeamIds): SlackClient {
  if (teamId === undefined || enterpriseId === undefined) return client;
  const request: SlackClient['request'] = (method, args = {}, options) =>
    client.request(method, withTeamId(method, args, teamId), options);
  return { ...client, request, call: typedCall(request) };
}

/** Adds the types of `@slack/web-api` to a function that calls methods by name. */
export function typedCall(request: SlackClient['request']): SlackClient['call'] {
  return async <M extends SlackMethod>(method: M, ...[args, options]: SlackCallParameters<M>) =>
    (await request(method, args as Readonly<Record<string, unknown>>, options)) as unknown as SlackAnswer<M>;
}
