import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError } from '@slack-mcp/slack';
import { orAsPerson } from '../../as-person.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { readThread } from '../messages/read-thread.ts';

/** Maximum number of comments to read in one thread. The newest comments are read first. */
const MOST_COMMENTS = 50;

/** A thread with comments on a file. */
export interface CommentThread {
  readonly channel: ChannelId;
  readonly ts: string;
  /** The part of the canvas that the comments are about. Undefined for a message that shares the file. */
  readonly about?: string;
  /** The comments as Slack returns them, oldest first. */
  readonly comments: readonly JsonObject[];
  readonly hasMore: boolean;
}

type Context = Pick<ToolContext, 'slack' | 'channels' | 'signal' | 'progress'>;

/** Slack's errors for a conversation that the app cannot see. */
const UNSEEN: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'missing_scope']);

/**
 * Reads the comments on parts of a canvas, newest thread first. The only method that Slack documents for reading them,
 * `agents.conversations.getCanvas`, is limited to the channels of agent sessions. As other projects report, the
 * comments are threads in a conversation whose id is the id of the canvas with C instead of F (internal/edge/canvas.go
 * of rusq/slackdump).
 *
 * @returns the threads, or the reason why Slack or a setting does not show them
 * @throws SlackError
 */
export async function canvasComments(
  canvas: string,
  limit: number,
  context: Context,
): Promise<CommentThread[] | string> {
  const { slack, channels, signal } = context;
  try {
    const channel = await channels.resolve(`C${canvas.slice(1)}`, { signal });
    const answer = await orAsPerson((as) =>
      slack.call('conversations.history', { channel, limit }, { signal, ...(as && { as }) }),
    );
    const roots = objectsOf(answer['messages']).filter(({ subtype }) => subtype === 'document_comment_root');
    const threads: CommentThread[] = [];
    for (const root of roots) {
      const read = await threadAt(channel, stringOf(root['ts']), context);
      if (read !== undefined) threads.push({ ...read, about: stringOf(root['text']) });
    }
    return threads;
  } catch (error) {
    if (error instanceof NotAllowedError) return 'the channel rules do not allow reading their conversation';
    if (error instanceof SlackApiError && UNSEEN.has(error.slackError)) return `Slack answers ${error.slackError}`;
    throw error;
  }
}

/**
 * Reads the replies to the messages that share a file, in the channels that may be read. Since 2018, such replies are
 * the comments on a file: docs.slack.dev/changelog/2018-05-file-threads-soon-tread.
 *
 * @throws SlackError
 */
export async function shareThreads(file: JsonObject, limit: number, context: Context): Promise<CommentThread[]> {
  const threads: CommentThread[] = [];
  for (const [id, ts] of sharesOf(file)) {
    if (threads.length >= limit) break;
    try {
      const channel = await context.channels.resolve(id, { signal: context.signal });
      const thread = await threadAt(channel, ts, context);
      if (thread !== undefined) threads.push(thread);
    } catch (error) {
      const isUnseen = error instanceof SlackApiError && UNSEEN.has(error.slackError);
      if (!isUnseen && !(error instanceof NotAllowedError)) throw error;
    }
  }
  return threads;
}

/** Returns a thread without its first message. Returns undefined if the thread does not exist. */
async function threadAt(channel: ChannelId, ts: string, context: Context): Promise<CommentThread | undefined> {
  try {
    const { answer } = await readThread({ channel, ts }, MOST_COMMENTS, context);
    const comments = objectsOf(answer['messages']).filter((message) => message['ts'] !== ts);
    return { channel, ts, comments, hasMore: answer['has_more'] === true };
  } catch (error) {
    if (error instanceof SlackApiError && error.slackError === 'thread_not_found') return undefined;
    throw error;
  }
}

/** Returns the channel and the `ts` of each message that shares a file, except replies. */
function sharesOf(file: JsonObject): (readonly [string, string])[] {
  const shares = isObject(file['shares']) ? Object.values(file['shares']) : [];
  return shares.flatMap((places) =>
    Object.entries(isObject(places) ? places : {}).flatMap(([channel, messages]) =>
      objectsOf(messages)
        .filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts)
        .map(({ ts }) => [channel, stringOf(ts)] as const),
    ),
  );
}
