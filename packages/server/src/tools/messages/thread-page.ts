import type { JsonObject } from '@slack-mcp/core';
import { objectsOf, stringOf } from './json-fields.ts';
import { type MessagePage, toMessagePage } from './message-page.ts';

/**
 * The first message of the thread that a reply belongs to, where Slack was asked for the reply: it then gives that reply
 * alone. Undefined for the answer to the `ts` of a first message.
 */
export function threadOfReply(answer: JsonObject, ts: string): string | undefined {
  const [message, ...others] = objectsOf(answer['messages']);
  const thread = stringOf(message?.['thread_ts']);
  const isReply = others.length === 0 && stringOf(message?.['ts']) === ts && thread !== '' && thread !== ts;
  return isReply ? thread : undefined;
}

/**
 * Reads the answer of `conversations.replies`. Slack puts the first message at the head of every page, beyond the limit: it
 * is kept on the first page alone.
 */
export function toThreadPage(
  channel: string,
  answer: JsonObject,
  { limit, isFirst }: { limit: number; isFirst: boolean },
): MessagePage {
  const [head, ...replies] = objectsOf(answer['messages']);
  const isParent = head !== undefined && isFirstMessage(head);
  const messages = !isParent || isFirst ? [...(head === undefined ? [] : [head]), ...replies] : replies;
  return toMessagePage(channel, { ...answer, messages }, limit, { beyondLimit: isParent && isFirst ? 1 : 0 });
}

function isFirstMessage(message: JsonObject): boolean {
  const thread = stringOf(message['thread_ts']);
  return thread === '' || thread === stringOf(message['ts']);
}
