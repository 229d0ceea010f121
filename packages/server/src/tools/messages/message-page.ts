import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import type { AnswerFormat } from '../answers/answer-format.ts';
import { indented } from '../answers/indented.ts';
import { fittingItems, fittingSizes, fittingText, type ItemSize, tokensOf } from './answer-budget.ts';
import { nextCursorOf, objectsOf } from './json-fields.ts';
import { NO_NAMES, type ReadableNames } from './readable-text.ts';
import { type SlackMessage, slackMessageSchema, toSlackMessage } from './slack-message.ts';
import { untrustedNotice } from './untrusted-notice.ts';

/** Maximum number of messages that Slack returns in one answer. */
const SLACK_LIMIT = 999;

const NOTICE = untrustedNotice('Messages');

/**
 * Slack's limit of messages per call for distributed apps that are not listed in its Marketplace. Distributed apps that
 * are not listed may make only one call a minute.
 */
const NOT_LISTED_LIMIT = 15;

/** A page of messages, which is the output of the tools that read messages. */
export function messagePageSchema(): MessagePageSchema {
  return z.object({
    channel: z.string(),
    channel_name: z.string().optional(),
    /** Whether people from other organizations are members of the channel. */
    external: z.literal(true).optional(),
    thread_ts: z.string().optional(),
    order: z.string().optional(),
    limit: z.int().optional(),
    oldest: z.string().optional(),
    latest: z.string().optional(),
    unread: z.literal(true).optional(),
    notice: z.string(),
    messages: z.array(slackMessageSchema()),
    has_more: z.boolean(),
    next_cursor: z.string().optional(),
    /** Set if there are fewer messages than requested although more exist. */
    truncated: z.string().optional(),
    /** Set if there are no messages: what to try next. */
    note: z.string().optional(),
  });
}

type MessagePageSchema = z.ZodObject<{
  channel: z.ZodString;
  channel_name: z.ZodOptional<z.ZodString>;
  external: z.ZodOptional<z.ZodLiteral<true>>;
  thread_ts: z.ZodOptional<z.ZodString>;
  order: z.ZodOptional<z.ZodString>;
  limit: z.ZodOptional<z.ZodInt>;
  oldest: z.ZodOptional<z.ZodString>;
  latest: z.ZodOptional<z.ZodString>;
  unread: z.ZodOptional<z.ZodLiteral<true>>;
  notice: z.ZodString;
  messages: z.ZodArray<z.ZodType<SlackMessage, SlackMessage>>;
  has_more: z.ZodBoolean;
  next_cursor: z.ZodOptional<z.ZodString>;
  truncated: z.ZodOptional<z.ZodString>;
  note: z.ZodOptional<z.ZodString>;
}>;

/** See `messagePageSchema`. */
export type MessagePage = z.input<MessagePageSchema>;

/** Returns the `limit` argument for Slack. Tools accept up to 1000, but Slack accepts only up to 999. */
export function slackLimit(limit: number): number {
  return Math.min(limit, SLACK_LIMIT);
}

/** Options of `toMessagePage`. */
export interface PageOptions {
  /** Names of authors and of mentioned users. */
  readonly names?: ReadableNames;
  /** The order of the messages in the answer. Default: `newest-first`. */
  readonly order?: 'newest-first' | 'oldest-first';
  /** Number of messages in the answer that Slack did not count towards the limit. Default: 0. */
  readonly beyondLimit?: number;
  /** The form of the answer, which decides how many messages fit. Default: `json`. */
  readonly format?: AnswerFormat | undefined;
  /** Facts about the channel, and the arguments of the call that the page repeats. */
  readonly about?: PageFacts | undefined;
}

/** Facts about the channel, and the arguments of a call that a page repeats. */
export type PageFacts = Pick<
  MessagePage,
  'channel_name' | 'external' | 'thread_ts' | 'order' | 'limit' | 'oldest' | 'latest' | 'unread'
>;

/**
 * Converts an answer of `conversations.history` or `conversations.replies` to a page. `limit` is the number of messages
 * that the call requested.
 */
export function toMessagePage(
  channel: string,
  answer: JsonObject,
  limit: number,
  { names = NO_NAMES, order = 'newest-first', beyondLimit = 0, format = 'json', about }: PageOptions = {},
): MessagePage {
  const messages = objectsOf(answer['messages']).map((message) => toSlackMessage(message, names));
  for (const message of messages) message.text = fittingText(message.text);
  const cursor = nextCursorOf(answer);
  const more = answer['has_more'] === true || cursor !== '';
  const fitting = format === 'text' ? fittingSizes(messages, lineSize) : fittingItems(messages);
  if (fitting < messages.length) {
    const last = messages[fitting - 1]?.ts ?? '';
    return {
      channel,
      ...about,
      notice: NOTICE,
      messages: messages.slice(0, fitting),
      has_more: true,
      next_cursor: order === 'newest-first' ? `before:${last}` : `after:${last}`,
      truncated: `Only ${fitting} of ${messages.length} messages fit into one answer. Call again with cursor for the rest.`,
    };
  }
  const page: MessagePage = { channel, ...about, notice: NOTICE, messages, has_more: more };
  if (cursor !== '') page.next_cursor = cursor;
  const counted = messages.length - beyondLimit;
  if (more && counted < limit) page.truncated = truncation(counted, limit);
  if (messages.length === 0 && !more) page.note = nothingHere(page);
  return page;
}

/** Number of characters in the line of a message besides its content: date, time, punctuation, and a thread. */
const AROUND = 80;

/** Returns the size of the line of a message, without writing the line. */
function lineSize({ name = '', bot = '', text, reactions = [], files = [] }: SlackMessage): ItemSize {
  const around = AROUND + reactions.length * 12 + files.length * 24;
  const size = { characters: around, tokens: around / 2.5 };
  const add = (part: string): void => {
    size.characters += part.length;
    size.tokens += tokensOf(part);
  };
  for (const part of [name, bot, indented(text)]) add(part);
  for (const reaction of reactions) add(reaction.name);
  for (const { name, link = '', about = '' } of files) for (const part of [name, link, about]) add(part);
  return size;
}

/**
 * Returns the Slack arguments for a cursor. A cursor of this server stands for a point in time; every other cursor
 * comes from Slack.
 */
export function cursorWindow(cursor: string | undefined): { cursor?: string; latest?: string; oldest?: string } {
  const [, direction, ts] = /^(before|after):(\d{10}\.\d{6})$/.exec(cursor ?? '') ?? [];
  if (ts !== undefined) return direction === 'before' ? { latest: ts } : { oldest: ts };
  return cursor === undefined ? {} : { cursor };
}

/** Returns the time window of a call, in the form in which an answer repeats it. */
export function usedWindow({ oldest, latest }: { oldest?: string | undefined; latest?: string | undefined }): {
  oldest?: string;
  latest?: string;
} {
  return { ...(oldest === undefined ? {} : { oldest }), ...(latest === undefined ? {} : { latest }) };
}

/** Returns the note of a page without messages, which says what to try next. */
function nothingHere({ unread, oldest, latest }: MessagePage): string {
  if (unread === true) return 'Nothing is unread here. Call without unread to read messages that are already read.';
  if ((oldest ?? latest) !== undefined) return 'Nothing is in this window. Change or omit oldest and latest.';
  return 'Slack shows no messages here. Find another channel with slack_find.';
}

function truncation(given: number, limit: number): string {
  const why =
    given === NOT_LISTED_LIMIT
      ? ', the most that it returns to apps outside its Marketplace, which may call once a minute'
      : '';
  return `Slack returned ${given} of the ${limit} requested messages${why}. Call again with cursor for the rest.`;
}
