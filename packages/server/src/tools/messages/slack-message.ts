import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { fileName } from './file-name.ts';
import { isObject, objectsOf, stringOf } from './json-fields.ts';
import { messageText } from './message-text.ts';
import { decodeEntities, NO_NAMES, type ReadableNames } from './readable-text.ts';
import { timeOf } from './time-text.ts';

/** A message as tools return it, with only the fields that a reader needs and without empty fields. */
export function slackMessageSchema(): z.ZodType<SlackMessage, SlackMessage> {
  return z.object({
    ts: z.string(),
    time: z.string().optional(),
    user: z.string().optional(),
    name: z.string().optional(),
    bot: z.string().optional(),
    subtype: z.string().optional(),
    text: z.string(),
    edited: z.literal(true).optional(),
    thread_ts: z.string().optional(),
    reply_count: z.int().optional(),
    reactions: z.array(z.object({ name: z.string(), count: z.int() })).optional(),
    files: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          link: z.string().optional(),
          external: z.literal(true).optional(),
          about: z.string().optional(),
        }),
      )
      .optional(),
  });
}

/** See `slackMessageSchema`. */
export interface SlackMessage {
  /** The `ts` of the message, which identifies it in its channel. */
  ts: string;
  /** The time at which the message was posted, in UTC. */
  time?: string | undefined;
  /** The user's ID. */
  user?: string | undefined;
  /** The user's readable name, if known. */
  name?: string | undefined;
  /** The bot's name, or its ID. */
  bot?: string | undefined;
  subtype?: string | undefined;
  /** The text that a reader of Slack sees, including blocks and attachments. */
  text: string;
  edited?: true | undefined;
  /** The `ts` of the thread's first message; set on every message in a thread. */
  thread_ts?: string | undefined;
  /** The number of replies; set only on the first message of a thread. */
  reply_count?: number | undefined;
  reactions?: { name: string; count: number }[] | undefined;
  files?: SharedFile[] | undefined;
}

/** A file in a message. */
export interface SharedFile {
  id: string;
  /** The name, and the title if it differs. */
  name: string;
  /** The URL at which people can open the file. */
  link?: string | undefined;
  /** Whether the file is stored outside Slack. */
  external?: true | undefined;
  /** What Slack shows of the file: the beginning of a snippet, or the description of an image. */
  about?: string | undefined;
}

/**
 * Converts a message from a Slack answer.
 *
 * @param names - the names of the message's author and of mentioned users
 */
export function toSlackMessage(message: JsonObject, names: ReadableNames = NO_NAMES): SlackMessage {
  const ts = stringOf(message['ts']);
  const time = timeOf(Number(ts));
  const user = stringOf(message['user']);
  const name = names.get(user);
  const head: Omit<SlackMessage, 'text'> = { ts };
  if (ts !== '' && time !== '') head.time = time;
  if (user !== '') head.user = user;
  if (name !== undefined) head.name = name;
  const result: SlackMessage = Object.assign(head, { text: messageText(message, names) });
  const bot = botName(message);
  if (bot !== '') result.bot = bot;
  const subtype = stringOf(message['subtype']);
  if (subtype !== '') result.subtype = subtype;
  if (isObject(message['edited'])) result.edited = true;
  const thread = stringOf(message['thread_ts']);
  if (thread !== '') result.thread_ts = thread;
  const replies = message['reply_count'];
  if (typeof replies === 'number' && replies > 0) result.reply_count = replies;
  const reactions = objectsOf(message['reactions']);
  if (reactions.length > 0) {
    result.reactions = reactions.map(({ name, count }) => ({ name: stringOf(name), count: Number(count ?? 0) }));
  }
  const files = objectsOf(message['files']);
  if (files.length > 0) {
    result.files = files.map(sharedFile);
  }
  return result;
}

function sharedFile(file: JsonObject): SharedFile {
  const external = file['is_external'] === true;
  const link = (external ? stringOf(file['url_private']) : '') || stringOf(file['permalink']);
  const about = (stringOf(file['preview']) || stringOf(file['alt_txt'])).trim();
  return {
    id: stringOf(file['id']),
    name: fileName(file),
    ...(link === '' ? {} : { link }),
    ...(external ? { external } : {}),
    ...(about === '' ? {} : { about: decodeEntities(about) }),
  };
}

function botName(message: JsonObject): string {
  const profile = message['bot_profile'];
  return decodeEntities(
    stringOf(message['username']) || stringOf(isObject(profile) ? profile['name'] : '') || stringOf(message['bot_id']),
  );
}
