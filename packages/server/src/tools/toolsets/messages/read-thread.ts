import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../../gates/channel-id.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { slackLimit } from '../../messages/message-page.ts';
import type { ToolContext } from '../../tool-context.ts';

/** A part of a thread, as `conversations.replies` takes it. */
export interface ThreadWindow {
  readonly channel: ChannelId;
  /** Of the first message. */
  readonly ts: string;
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly cursor?: string | undefined;
  /** Whether it goes on from what was read before: then the first message is left out. */
  readonly isContinued?: boolean;
}

/** Pages that are read of one thread: ten thousand replies. */
const MOST_PAGES = 10;

/** What was read of a thread. */
export interface ReadThread {
  /** In the shape of an answer of Slack. */
  readonly answer: JsonObject;
  /** Messages that do not count towards the limit: the first one, where Slack puts it before a page. */
  readonly beyondLimit: number;
}

/**
 * The first message of a thread and the newest replies of a window. Slack gives threads from their beginning only, so the
 * window is read to its end, and what is before the newest is left out; a cursor leads back to it. An app that Slack gives
 * few messages at a time reads forward, page by page. Of a reply its thread is read.
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
    slack.call('conversations.replies', { ...thread, limit: asked, cursor: from }, { signal });
  let answer = await read(cursor);
  const start = threadOfReply(answer, thread.ts);
  if (start !== undefined) return readThread({ ...window, ts: start }, limit, context);
  let next = nextOf(answer);
  const messages = objectsOf(answer['messages']);
  const isFew = next !== '' && messages.length < asked / 2;
  for (let page = 1; next !== '' && !isFew && page < MOST_PAGES; page += 1) {
    progress(page);
    answer = await read(next);
    next = nextOf(answer);
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
 * The first message of the thread that a reply belongs to, where Slack was asked for the reply: it then gives that reply
 * alone. Undefined for the answer to the `ts` of a first message.
 */
function threadOfReply(answer: JsonObject, ts: string): string | undefined {
  const [message, ...others] = objectsOf(answer['messages']);
  const thread = stringOf(message?.['thread_ts']);
  const isReply = others.length === 0 && stringOf(message?.['ts']) === ts && thread !== '' && thread !== ts;
  return isReply ? thread : undefined;
}

function nextOf({ response_metadata: metadata }: JsonObject): string {
  return isObject(metadata) ? stringOf(metadata['next_cursor']) : '';
}
