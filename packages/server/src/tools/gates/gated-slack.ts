import type { JsonObject } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { CallLog } from '../call-reports.ts';
import type { ChannelId } from './channel-id.ts';
import { SealedAnswer } from './sealed-answer.ts';

/** Arguments of a method of Slack. Whatever names a channel was made by the gate. */
export interface GatedArguments {
  readonly [name: string]: unknown;
  readonly channel?: ChannelId | undefined;
  readonly channel_id?: ChannelId | undefined;
  readonly channels?: readonly ChannelId[] | undefined;
  readonly channel_ids?: readonly ChannelId[] | undefined;
}

/** Arguments whose names are all known: a wider object could hold a channel that the gate has not made. */
type NamedOneByOne<Args> = string extends keyof Args ? never : Args;

/** Methods whose answers speak of the channel that was given, or of none. */
const OPEN = [
  'auth.test',
  'chat.delete',
  'chat.postMessage',
  'conversations.history',
  'conversations.info',
  'conversations.replies',
  'emoji.list',
  'reactions.add',
  'users.info',
] as const;

const OPEN_METHODS: ReadonlySet<string> = new Set(OPEN);

/** See `GatedSlack`. */
export type OpenMethod = (typeof OPEN)[number];

/**
 * Slack as tools see it: channels are given as the gate made them, and an answer that may name others stays sealed until
 * it has passed the gate.
 */
export interface GatedSlack {
  /**
   * Calls one method, as `SlackPort` does.
   *
   * @throws SlackError
   * @throws the signal's reason once it is aborted
   */
  call<Method extends string, Args extends GatedArguments>(
    method: Method,
    args?: NamedOneByOne<Args>,
    options?: { signal?: AbortSignal },
  ): Promise<Method extends OpenMethod ? JsonObject : SealedAnswer>;
  /** The scopes of the token, as recent answers reported them; undefined while they are not known. */
  grantedScopes(): readonly string[] | undefined;
}

/** @param log - receives how long a call waits, where the caller wants to know */
export function gateSlack(slack: SlackPort, log?: CallLog): GatedSlack {
  return {
    async call(method, args, options) {
      const answer = await slack.call(method, args, log === undefined ? options : { ...options, onWait });
      return (OPEN_METHODS.has(method) ? answer : new SealedAnswer(answer)) as never;

      function onWait(ms: number, reason: string): void {
        log?.('info', 'slack_waiting', { method, reason, seconds: Math.ceil(ms / 1000) });
      }
    },
    grantedScopes: () => slack.grantedScopes?.(),
  };
}
