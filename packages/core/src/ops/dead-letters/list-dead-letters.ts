import type { DeadLetter } from '../../contract/dead-letters.ts';
import type { JsonObject } from '../../contract/json.ts';
import { assertGroupExists } from '../groups/assert-group-exists.ts';
import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import { factsOf } from '../timeline/observe-consumers.ts';
import { createDeadLetterMatch, type DeadLetterFilter } from './dead-letter-filter.ts';
import { errorText } from './error-text.ts';
import { maskPayload } from './mask-payload.ts';
import { readDeadLetters, scanDeadLetters } from './read-dead-letters.ts';

/** The dead letters to select. */
export interface DeadLetterQuery extends DeadLetterFilter {
  readonly group: string;
  /** The keys of the group. Default: the configured keys of the backend. */
  readonly keys?: readonly string[] | undefined;
}

/** A dead letter without its payload. */
export interface DeadLetterSummary {
  readonly id: string;
  readonly messageId: string;
  readonly key: string;
  readonly group: string;
  readonly eventId?: string;
  readonly type?: string;
  readonly channel?: string;
  /** When the event was published, in ISO 8601. */
  readonly publishedAt: string;
  /** When the event was parked, in ISO 8601. */
  readonly deadLetteredAt: string;
  readonly retryCount: number;
  readonly reason: { readonly code?: string; readonly name?: string; readonly message?: string };
}

/** A dead letter with its payload. */
export interface DeadLetterDetail extends DeadLetterSummary {
  /** Whether texts in the payload are replaced by `•••`. */
  readonly masked: boolean;
  /** Absent if the body of the message is not JSON. */
  readonly payload?: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer of `GET /ops/dead-letters`. */
export interface DeadLettersAnswer {
  readonly items: readonly DeadLetterSummary[];
  /** Pass this value as `cursor` to get the next page. Absent on the last page. */
  readonly cursor?: string;
}

/** Dead letters with the same error. */
export interface ErrorGroup {
  readonly code?: string;
  readonly error?: string;
  /** The message of the error, without ids and numbers. */
  readonly message: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  /** The ids of the oldest three dead letters. */
  readonly examples: readonly string[];
}

/** The answer of `GET /ops/dead-letters/errors`. */
export interface DeadLetterErrorsAnswer {
  readonly group: string;
  /** Number of dead letters that were read. */
  readonly scanned: number;
  /** Whether there are more dead letters than the limit of the request. */
  readonly truncated: boolean;
  /** The most frequent error first. */
  readonly errors: readonly ErrorGroup[];
}

/** Maximum number of dead letters that one request reads to find matches. */
const MAX_SCANNED = 10_000;
/** Number of dead letters in a request to the broker. Some brokers read all dead letters for each request. */
const MAX_PAGE = 1_000;
/** Maximum number of different errors in an answer. Further errors are counted together. */
const MAX_ERRORS = 200;

/** Lists dead letters that match a filter, oldest first, without payloads. */
export async function listDeadLetters(
  ops: OpsContext,
  { limit = 100, cursor, ...query }: DeadLetterQuery & { limit?: number | undefined; cursor?: string | undefined },
): Promise<DeadLettersAnswer> {
  await assertKnown(ops, query);
  const isMatch = createDeadLetterMatch(query);
  const items: DeadLetterSummary[] = [];
  let scanned = 0;
  let last: string | undefined;
  const page = isFiltered(query) ? MAX_PAGE : limit + 1;
  for await (const letters of readDeadLetters(ops.backend, { ...query, cursor, limit: Math.min(page, MAX_PAGE) })) {
    for (const letter of letters) {
      if (items.length === limit || scanned === MAX_SCANNED)
        return { items, ...(last !== undefined && { cursor: last }) };
      scanned += 1;
      last = letter.id;
      if (isMatch(letter)) items.push(summaryOf(letter));
    }
  }
  return { items };
}

/** Groups the dead letters that match a filter by their error. */
export async function groupDeadLetters(
  ops: OpsContext,
  { limit = MAX_SCANNED, ...query }: DeadLetterQuery & { limit?: number | undefined },
): Promise<DeadLetterErrorsAnswer> {
  await assertKnown(ops, query);
  const isMatch = createDeadLetterMatch(query);
  const found = new Map<string, ErrorGroup>();
  let scanned = 0;
  let truncated = false;
  await scanDeadLetters(ops.backend, query, async ({ items }) => {
    for (const letter of items) {
      truncated = scanned === limit;
      if (truncated) return false;
      scanned += 1;
      if (isMatch(letter)) count(found, letter);
    }
    return true;
  });
  const errors = [...found.values()].sort((one, other) => other.count - one.count);
  return { group: query.group, scanned, truncated, errors };
}

/**
 * Returns one dead letter with its payload.
 *
 * @param masked - whether to replace the texts in the payload
 * @throws OpsError - `unknown_dead_letter`
 */
export async function showDeadLetter(
  ops: OpsContext,
  { id, masked, ...query }: Pick<DeadLetterQuery, 'group' | 'keys'> & { id: string; masked: boolean },
): Promise<DeadLetterDetail> {
  await assertKnown(ops, query);
  const isMatch = createDeadLetterMatch({ ids: [id] });
  let letter: DeadLetter | undefined;
  await scanDeadLetters(ops.backend, query, async ({ items }) => {
    letter = items.find(isMatch);
    return letter === undefined;
  });
  if (letter === undefined)
    throw new OpsError('unknown_dead_letter', `The group ${query.group} has no dead letter ${id}.`);
  const { payload } = letter;
  return {
    ...summaryOf(letter),
    masked,
    ...(payload !== undefined && { payload: masked ? maskPayload(payload) : payload }),
    headers: { ...letter.headers },
  };
}

async function assertKnown(ops: OpsContext, { group, keys }: Pick<DeadLetterQuery, 'group' | 'keys'>): Promise<void> {
  // The broker reports only the groups of the configured keys.
  if (keys === undefined) await assertGroupExists(ops, group);
}

function isFiltered({ group: _, keys: __, ...filter }: DeadLetterQuery): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

function count(found: Map<string, ErrorGroup>, { id, reason, deadLetteredAt }: DeadLetter): void {
  const message = errorText(reason.message);
  const same = JSON.stringify([reason.code, reason.name, message]);
  const isNew = !found.has(same);
  const name = isNew && found.size >= MAX_ERRORS ? '' : same;
  const at = new Date(deadLetteredAt).toISOString();
  const known = found.get(name);
  if (known !== undefined) {
    const examples = known.examples.length < 3 ? [...known.examples, id] : known.examples;
    // Not every backend reads them in order.
    const times = [known.oldest, at, known.newest].sort();
    const [oldest = at, newest = at] = [times[0], times[2]];
    found.set(name, { ...known, count: known.count + 1, oldest, newest, examples });
    return;
  }
  found.set(name, {
    ...(name !== '' && reason.code !== undefined && { code: reason.code }),
    ...(name !== '' && reason.name !== undefined && { error: reason.name }),
    message: name === '' ? 'other errors' : message,
    count: 1,
    oldest: at,
    newest: at,
    examples: [id],
  });
}

function summaryOf(letter: DeadLetter): DeadLetterSummary {
  const { id, messageId, key, group, timestamp, deadLetteredAt, retryCount, reason } = letter;
  const { eventId, type, channel } = factsOf(letter);
  return {
    id,
    messageId,
    key,
    group,
    ...(eventId !== undefined && { eventId }),
    ...(type !== undefined && { type }),
    ...(channel !== undefined && { channel }),
    publishedAt: new Date(timestamp).toISOString(),
    deadLetteredAt: new Date(deadLetteredAt).toISOString(),
    retryCount,
    reason: { ...reason },
  };
}
