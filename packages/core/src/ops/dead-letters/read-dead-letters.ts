import type { DeadLetter, DeadLetterBatch, DeadLetters } from '../../contract/dead-letters.ts';
import { isQueueError } from '../../contract/errors.ts';
import type { QueueKey } from '../../contract/queue-key.ts';
import { OpsError } from '../ops-error.ts';

/** Opens the dead letters of a group. */
export interface DeadLetterSource {
  deadLetters(options: { group: string; keys?: readonly QueueKey[] }): DeadLetters;
}

/** Number of dead letters that one request to the broker reads. The number limits the payloads in memory. */
const PAGE = 100;

/** The dead letters to read. */
export interface ReadOptions {
  readonly group: string;
  /** The keys of the group. Default: the configured keys of the backend. */
  readonly keys?: readonly QueueKey[] | undefined;
}

/**
 * Reads the dead letters of a group page by page, oldest first. Holds at most one page in memory.
 *
 * @throws OpsError - `bad_request` if the group, a key or the cursor is malformed; `queue_unavailable` if the broker
 *   does not answer
 */
export async function* readDeadLetters(
  source: DeadLetterSource,
  { cursor: first, limit, ...options }: ReadOptions & { cursor?: string | undefined; limit?: number | undefined },
): AsyncGenerator<readonly DeadLetter[]> {
  yield* pagesOf(openDeadLetters(source, options), first, limit);
}

/**
 * Passes each dead letter of a group to `onBatch` once, in batches of at most `size`, until `onBatch` resolves with
 * `false`. Holds at most one batch in memory. Reads the dead letters once, also from a backend without pages.
 *
 * @throws OpsError - see {@link readDeadLetters}
 * @throws the error of `onBatch`
 */
export async function scanDeadLetters(
  source: DeadLetterSource,
  { size = PAGE, ...options }: ReadOptions & { size?: number },
  onBatch: (batch: DeadLetterBatch) => Promise<boolean>,
): Promise<void> {
  const deadLetters = openDeadLetters(source, options);
  if (deadLetters.scan !== undefined) {
    await deadLetters.scan(onBatch, { size }).catch((error: unknown) => Promise.reject(opsErrorOf(error)));
    return;
  }
  const acts = {
    redrive: (ids: readonly string[]) => deadLetters.redrive(ids),
    purge: (ids: readonly string[]) => deadLetters.purge(ids),
  };
  for await (const page of pagesOf(deadLetters)) {
    for (let start = 0; start < page.length; start += size) {
      if (!(await onBatch({ items: page.slice(start, start + size), ...acts }))) return;
    }
  }
}

function openDeadLetters(source: DeadLetterSource, { group, keys }: ReadOptions): DeadLetters {
  return asOpsError(() => source.deadLetters({ group, ...(keys !== undefined && { keys }) }));
}

async function* pagesOf(deadLetters: DeadLetters, first?: string, limit = PAGE): AsyncGenerator<readonly DeadLetter[]> {
  let cursor = first;
  do {
    const page = await deadLetters
      .list({ limit, ...(cursor !== undefined && { cursor }) })
      .catch((error: unknown) => Promise.reject(opsErrorOf(error)));
    yield page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function asOpsError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw opsErrorOf(error);
  }
}

/** Converts an error of a backend to an error of the operations API. */
export function opsErrorOf(error: unknown): unknown {
  if (isQueueError(error, 'ERR_QUEUE_CONFIG')) return new OpsError('bad_request', error.message);
  if (isQueueError(error)) return new OpsError('queue_unavailable', error.message, { code: error.code });
  return error;
}
