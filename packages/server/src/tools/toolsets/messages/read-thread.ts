import type { JsonObject } from '@slack-mcp/core';
import { orAsPerson } from '../../as-person.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import { nextCursorOf, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { slackLimit } from '../../messages/message-page.ts';
import type { ToolContext } from '../../tool-context.ts';

/** The part of a thread to read, as arguments of `conversations.replies`. */
export interface ThreadWindow {
  readonly channel: ChannelId;
  /** The `ts` of the first message. */
  readonly ts: string;
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly cursor?: string | undefined;
  /** Whether the read continues an earlier read, in which case the thread's first message is omitted. */
  readonly isContinued?: boolean;
}

/** Maximum number of pages to read from one thread, which is enough for ten thousand replies. */
const MOST_PAGES = 10;

/** The part of a thread that was read. */
export interface ReadThread {
  /** The messages, in the format of a response of `conversations.replies`. */
  readonly answer: JsonObject;
  /** Number of messages that do not count towards the limit. Slack may add the thread's first message before a page. */
  readonly beyondLimit: number;
}

/**
 * Reads the first message of a thread and the newest replies in a window. Slack returns threads only from the start, so
 * the function reads to the end of the window and keeps the newest replies; a cursor leads back to the earlier replies.
 * If Slack returns only a few messages per call to this app, the function returns the pages in order from the start. If
 * `ts` belongs to a reply, reads the thread of that reply.
 */
export async function readThread(
  window: ThreadWindow,
  limit: number,
  context: Pick<ToolContext, 'slack' | 'signal' | 'progress'>,
): Promise<ReadThread> {
  const { slack, signal, progress } = context;
  const { cursor, isContinued = false, ...thread } = window;
  const asked = slackLimit(1_000);
  const read = (from: string | undefined): Promise<JsonObject> =>
    orAsPerson((as) =>
      slack.call('conversations.replies', { ...thread, limit: asked, cursor: from }, { signal, ...(as && { as }) }),
    );
  let answer = await read(cursor);
  const start = threadOfReply(answer, thread.ts);
  if (start !== undefined) return readThread({ ...window, ts: start }, limit, context);
  let next = nextCursorOf(answer);
  const messages = objectsOf(answer['messages']);
  const isFew = next !== '' && messages.length < asked / 2;
  for (let page = 1; next !== '' && !isFew && page < MOST_PAGES; page += 1) {
    progress(page);
    answer = await read(next);
    next = nextCursorOf(answer);
    messages.push(...objectsOf(answer['messages']).filter(({ ts }) => ts !== thread.ts));
  }
  const first = messages.find(({ ts }) => ts === thread.ts);
  const replies = messages.filter((message) => message !== first);
  if (isFew) {
    const isPage = isContinued || first === undefined;
    return { answer: { ...answer, messages: isPage ? replies : [first, ...replies] }, beyondLimit: isPage ? 0 : 1 };
  }
  const head = isContinued || first === undefined ? [] : [first];
  const kept = replies.slice(-Math.max(1, limit - head.length));
  const hidden = replies.length > kept.length;
  return {
    answer: {
      messages: [...head, ...kept],
      has_more: hidden || next !== '',
      response_metadata: { next_cursor: hidden ? `before:${stringOf(kept[0]?.['ts'])}` : next },
    },
    beyondLimit: 0,
  };
}

/**
 * Returns the `ts` of the thread's first message if `ts` belongs to a reply, because for such a `ts` Slack returns only
 * the reply itself. Returns undefined if `ts` belongs to the first message.
 */
function threadOfReply(answer: JsonObject, ts: string): string | undefined {
  const [message, ...others] = objectsOf(answer['messages']);
  const thread = stringOf(message?.['thread_ts']);
  const isReply = others.length === 0 && stringOf(message?.['ts']) === ts && thread !== '' && thread !== ts;
  return isReply ? thread : undefined;
}
