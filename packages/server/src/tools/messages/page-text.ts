import { exactTime, messageLines } from './message-lines.ts';
import type { MessagePage } from './message-page.ts';
import { namedMentions } from './plain-markup.ts';
import type { SlackMessage } from './slack-message.ts';

/** Maximum number of shared names to list in an answer. A shared name belongs to several people. */
const MOST_NAMESAKES = 10;

/** Returns a page of messages as compact text. */
export function pageText(page: MessagePage): string {
  const { messages, notice, thread_ts: thread, next_cursor: cursor, truncated, note } = page;
  return [
    headingOf(page),
    ...(messages.length === 0 ? [] : [notice, messageLines(messages, thread), namesakesOf(messages)]),
    truncated ?? '',
    note ?? '',
    cursor === undefined ? '' : `Next page: cursor ${cursor}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** Returns the heading of a page: the channel or thread, the arguments that were used, and the time zone. */
function headingOf({ channel, channel_name, external, thread_ts, messages, ...page }: MessagePage): string {
  const name = channel_name === undefined ? channel : `#${channel_name} (${channel})`;
  const place = thread_ts === undefined ? name : `Thread ${exactTime(thread_ts)} in ${name}`;
  const shared = external === true ? ', shared with other organizations' : '';
  const { limit, oldest, latest, order, unread } = page;
  const used = [
    `${messages.length === 0 ? 'no' : messages.length} ${unread === true ? 'unread ' : ''}${messages.length === 1 ? 'message' : 'messages'}`,
    ...(order === undefined ? [] : [order.replace('-', ' ')]),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
    ...(oldest === undefined ? [] : [`oldest ${windowEnd(oldest)}`]),
    ...(latest === undefined ? [] : [`latest ${windowEnd(latest)}`]),
  ];
  const first = messages[0]?.ts;
  const times = first === undefined ? '' : ` Times are UTC; ts of the first: ${exactTime(first)}.`;
  return `${place}${shared}: ${used.join(', ')}.${times}`;
}

function windowEnd(time: string): string {
  return exactTime(time).replace(/\.00000000$/, '');
}

/** Returns the IDs of people who share a name with another person in the answer. */
function namesakesOf(messages: readonly SlackMessage[]): string {
  const people = new Map<string, Set<string>>();
  const add = (id: string, name: string): void => {
    const ids = people.get(name) ?? new Set();
    people.set(name, ids.add(id));
  };
  for (const { user, name, bot, text } of messages) {
    if (user !== undefined && name !== undefined && bot === undefined) add(user, name);
    for (const [id, mentioned] of namedMentions(text)) add(id, mentioned);
  }
  const shared = [...people].filter(([, ids]) => ids.size > 1).slice(0, MOST_NAMESAKES);
  return shared.map(([name, ids]) => `${name.replace(/[\s\u0085]+/g, ' ')} is ${[...ids].join(' and ')}.`).join(' ');
}
