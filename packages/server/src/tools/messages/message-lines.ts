import { indented } from '../answers/indented.ts';
import { plainMarkup } from './plain-markup.ts';
import type { SlackMessage } from './slack-message.ts';
import { timeOf } from './time-text.ts';

/** Subtypes that the line of a message shows in another way. */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set(['bot_message', 'file_share', 'thread_broadcast', 'me_message']);

/**
 * Returns messages as text: a line for each message, and a line with the date whenever the date changes. Further lines
 * of a message are indented, so that a text cannot pass for another message.
 *
 * @param thread - the `ts` of the thread that contains all messages
 */
export function messageLines(messages: readonly SlackMessage[], thread?: string): string {
  const lines: string[] = [];
  let date = '';
  for (const message of messages) {
    const moment = momentOf(message.ts);
    if (moment.date !== date) lines.push(moment.date);
    date = moment.date;
    lines.push(`${moment.time} ${messageLine(message, thread)}`);
  }
  return lines.join('\n');
}

/** Returns the line of a message without its time: the author, facts in brackets, and the text. */
export function messageLine(message: SlackMessage, thread?: string): string {
  const { bot, name, user, text } = message;
  const author = oneLine(bot ?? name ?? user ?? 'unknown');
  const facts = factsOf(message, thread);
  const files = (message.files ?? []).map(fileLine);
  const said = plainMarkup(text);
  const body = [...(said === '' ? [] : [said]), ...files].join('\n');
  return `${author}${facts.length === 0 ? '' : ` [${facts.join(', ')}]`}: ${indented(body)}`;
}

/**
 * Returns the `ts` of a message as a time with all its digits: `2023-11-14 22:13.20000100`. Tools accept such a time in
 * place of a `ts`. The format takes fewer tokens than a `ts` and a time together, and people can read it.
 */
export function exactTime(ts: string): string {
  const { date, time } = momentOf(ts);
  return date === '' ? ts : `${date} ${time}`;
}

function factsOf(message: SlackMessage, thread: string | undefined): string[] {
  const { bot, subtype, edited, thread_ts, ts, reply_count: replies, reactions = [] } = message;
  const facts: string[] = [];
  if (bot !== undefined) facts.push('bot');
  if (subtype !== undefined && !SHOWN_OTHERWISE.has(subtype)) facts.push(subtype);
  if (edited) facts.push('edited');
  if (thread_ts !== undefined && thread_ts !== ts && thread_ts !== thread) {
    facts.push(`in thread ${exactTime(thread_ts)}`);
  }
  if (replies !== undefined) facts.push(replies === 1 ? '1 reply' : `${replies} replies`);
  for (const { name, count } of reactions) facts.push(count === 1 ? `:${name}:` : `:${name}: ${count}`);
  return facts;
}

function fileLine({ id, name, link, external, about }: NonNullable<SlackMessage['files']>[number]): string {
  const address = external ? link : undefined;
  return ['file', id, name, address, about].filter(Boolean).join(' ');
}

function oneLine(text: string): string {
  return text.replace(/[\s\u0085]+/g, ' ');
}

/** @param known - the time of `ts` as `timeOf` formats it, if the caller knows it */
function momentOf(ts: string, known?: string): { date: string; time: string } {
  const [, seconds, micros] = /^(\d{1,11})\.(\d{6})$/.exec(ts) ?? [];
  if (seconds === undefined) return { date: '', time: ts };
  const iso = known ?? timeOf(Number(seconds));
  return { date: iso.slice(0, 10), time: `${iso.slice(11, 16)}.${iso.slice(17, 19)}${micros}` };
}
