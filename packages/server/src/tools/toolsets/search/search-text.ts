import { indented } from '../../answers/indented.ts';
import { exactTime, messageLine } from '../../messages/message-lines.ts';
import type { SlackMessage } from '../../messages/slack-message.ts';
import type { SearchPage } from './search-page.ts';

/** A message that was found. */
interface FoundMessage extends SlackMessage {
  channel: string;
  channel_name?: string;
  /** The other person, if the channel is a direct message. */
  with?: string;
  external?: true;
  link?: string;
}

/** Returns found messages as compact text. Tools accept the link of a message instead of its channel and `ts`. */
export function searchText({ query, notice, messages, next_cursor: cursor, note }: SearchPage): string {
  const found = messages as readonly FoundMessage[];
  return [
    `Search: ${indented(query)}`,
    ...(found.length === 0 ? [] : [notice, ...found.map(foundLine)]),
    ...(cursor === undefined ? [] : [`Next page: cursor ${cursor}`]),
    ...(note === undefined ? [] : [note]),
  ].join('\n');
}

/** Returns a found message as text: its channel, time, author, text and link. */
export function foundLine(message: FoundMessage): string {
  const { channel, channel_name, with: person, external, link, ts } = message;
  const name = person === undefined ? `#${channel_name ?? channel}` : `@${person}`;
  const place = external ? `${name} (shared with other organizations)` : name;
  const address = link === undefined || link === '' ? '' : `\n ${link}`;
  return `${place} ${exactTime(ts)} ${messageLine(message, message.thread_ts)}${address}`;
}
