import type { JsonObject } from '@slack-mcp/core';
import type { DownloadedFile, OnSlackWait, SlackPort, TokenKind } from '@slack-mcp/slack';
import type { CallLog } from '../call-reports.ts';
import type { ChannelId } from './channel-id.ts';
import type { PassedArguments } from './method-gate.ts';
import { SealedAnswer } from './sealed-answer.ts';

/** Arguments of a Slack method. Every channel in the arguments comes from the gate. */
export interface GatedArguments {
  readonly [name: string]: unknown;
  readonly channel?: ChannelId | undefined;
  readonly channel_id?: ChannelId | undefined;
  readonly channels?: readonly ChannelId[] | undefined;
  readonly channel_ids?: readonly ChannelId[] | undefined;
}

/**
 * Accepts only argument types with known property names, because a wider type could contain a channel that did not pass
 * the gate.
 */
type NamedOneByOne<Args> = string extends keyof Args ? never : Args;

/** Slack methods whose answers contain only data about the given channel, or no channel data. */
const OPEN = [
  'auth.test',
  'canvases.create',
  'canvases.edit',
  'canvases.sections.lookup',
  'chat.delete',
  'chat.deleteScheduledMessage',
  'chat.getPermalink',
  'chat.postMessage',
  'chat.scheduleMessage',
  'chat.update',
  'conversations.canvases.create',
  'conversations.history',
  'conversations.info',
  'conversations.join',
  'conversations.mark',
  'conversations.open',
  'conversations.replies',
  'emoji.list',
  'files.getUploadURLExternal',
  'reactions.add',
  'reactions.get',
  'reactions.remove',
  'slackLists.access.set',
  'slackLists.create',
  'slackLists.items.create',
  'slackLists.items.info',
  'slackLists.items.list',
  'slackLists.items.update',
  'usergroups.users.list',
  'users.getPresence',
  'users.info',
  'users.lookupByEmail',
] as const;

const OPEN_METHODS: ReadonlySet<string> = new Set(OPEN);

/** A Slack method whose answers need not pass the gate. See `GatedSlack`. */
export type OpenMethod = (typeof OPEN)[number];

/**
 * The Slack client for tools. Arguments take only channels that the channel gate has checked and returned. An answer
 * that may contain other channels stays sealed until it passes the gate.
 */
export interface GatedSlack {
  /**
   * Calls one method, like `SlackPort.call`.
   *
   * @throws SlackError
   * @throws the signal's abort reason
   */
  call<Method extends string, Args extends GatedArguments>(
    method: Method,
    args?: NamedOneByOne<Args>,
    options?: { signal?: AbortSignal; as?: TokenKind },
  ): Promise<Method extends OpenMethod ? JsonObject : SealedAnswer>;
  /**
   * Calls a method by its name, with arguments whose channels passed the gate. If the answer may contain other channels
   * (`seals`), it stays sealed.
   *
   * @throws SlackError
   * @throws the signal's abort reason
   */
  callPassed<Seals extends boolean>(
    method: string,
    args: PassedArguments,
    options: { seals: Seals; signal?: AbortSignal; as?: readonly TokenKind[] },
  ): Promise<Seals extends true ? SealedAnswer : JsonObject>;
  /**
   * Sends the bytes of a file to an upload URL of Slack. The file is in no channel yet.
   *
   * @throws SlackError
   * @throws the signal's abort reason
   */
  upload(url: string, bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>;
  /**
   * Downloads a file. A tool gets the URL of a file only from an answer that passed the gate.
   *
   * @throws SlackError
   * @throws the signal's abort reason
   */
  download(
    url: string,
    options: { maxBytes: number; signal?: AbortSignal; as?: TokenKind | undefined },
  ): Promise<DownloadedFile>;
  /**
   * Returns the scopes, as reported in recent answers, of one kind of token or of all tokens together. Returns undefined
   * while the scopes are unknown.
   */
  grantedScopes(kind?: TokenKind): readonly string[] | undefined;
}

/** @param log - receives a message with the duration when a call waits */
export function gateSlack(slack: SlackPort, log?: CallLog): GatedSlack {
  const reporting = (method: string): { onWait?: OnSlackWait } =>
    log === undefined
      ? {}
      : { onWait: (ms, reason) => log('info', 'slack_waiting', { method, reason, seconds: Math.ceil(ms / 1000) }) };
  return {
    async call(method, args, options) {
      const answer = await slack.call(method, args, { ...options, ...reporting(method) });
      return (OPEN_METHODS.has(method) ? answer : new SealedAnswer(answer)) as never;
    },
    async callPassed(method, args, { seals, ...options }) {
      const answer = await slack.call(method, args, { ...options, ...reporting(method) });
      return (seals ? new SealedAnswer(answer) : answer) as never;
    },
    async upload(url, bytes, options) {
      if (slack.upload === undefined)
        throw new TypeError('This Slack client cannot upload files: use a client with the method upload.');
      await slack.upload(url, bytes, options);
    },
    async download(url, options) {
      if (slack.download === undefined)
        throw new TypeError('This Slack client cannot download files: use a client with the method download.');
      return slack.download(url, options);
    },
    grantedScopes: (kind) => slack.grantedScopes?.(kind),
  };
}
