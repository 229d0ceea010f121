import { NameError } from '../../directory/name-errors.ts';
import type { ToolContext } from '../../tool-context.ts';

/** What to search for. */
export interface SearchWish {
  readonly query: string;
  readonly channel?: string | undefined;
  readonly from?: string | undefined;
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
}

/** Matches a modifier that names a channel. Does not match exclusions, which need not pass the gate. */
const IN_CHANNEL = /(^|\s)in:("[^"]+"|<[^>]+>|[^\s"<]\S*)/gi;

/**
 * Composes the query for Slack. Channels and people are named by ID, because Slack searches everywhere if it does not
 * know a name.
 *
 * @throws NotAllowedError - the query names a channel that may not be read
 * @throws NameError - a channel or a person is unknown or ambiguous
 */
export async function composeQuery(wish: SearchWish, context: ToolContext): Promise<string> {
  const { query, channel, from, oldest, latest } = wish;
  const { channels, users, signal } = context;
  const parts = [await withChannelIds(query, context)];
  if (channel !== undefined) parts.push(`in:<#${await channels.resolve(channel, { signal })}>`);
  if (from !== undefined)
    parts.push(`from:${/^@?me$/i.test(from) ? 'me' : `<@${await users.resolve(from, { signal })}>`}`);
  // Slack's days begin in the time zone of the person and exclude the day itself. The messages are compared again.
  if (Number(oldest) > 0) parts.push(`after:${dayOf(Number(oldest) - DAY_S * 2)}`);
  if (latest !== undefined) parts.push(`before:${dayOf(Number(latest) + DAY_S * 2)}`);
  return parts.filter(Boolean).join(' ');
}

const DAY_S = 86_400;

function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

/** Replaces the names of channels by IDs that passed the gate. */
async function withChannelIds(query: string, { channels, signal }: ToolContext): Promise<string> {
  const ids = new Map<string, string>();
  for (const [found, space = '', value = ''] of query.matchAll(IN_CHANNEL)) {
    const name = value.replace(/^"(.*)"$/, '$1');
    // Direct messages of the person are not those of the bot. Slack's answer passes the gate in any case.
    if (/^(<?@|me$)/i.test(name)) continue;
    try {
      ids.set(found, `${space}in:<#${await channels.resolve(name, { signal })}>`);
    } catch (error) {
      // The person may see channels that the bot does not see.
      if (!(error instanceof NameError)) throw error;
    }
  }
  return query.replace(IN_CHANNEL, (found) => ids.get(found) ?? found);
}
