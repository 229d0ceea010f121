import type { DeadLetter, DeadLetters } from '../../contract/dead-letters.ts';
import { isQueueError } from '../../contract/errors.ts';
import type { QueueKey } from '../../contract/queue-key.ts';
import { OpsError } from '../ops-error.ts';

/** Opens the dead letters of a group. */
export interface DeadLetterSource {
  deadLetters(options: { group: string; keys?: readonly QueueKey[] }): DeadLetters;
}

/** Number of dead letters that one request to the broker reads. The number limits the payloads in memory. */
const PAGE = 100;

/**
 * Reads the dead letters of a group page by page, oldest first. Holds at most one page in memory.
 *
 * @throws OpsError - `bad_request` if the group, a key or the cursor is malformed; `queue_unavailable` if the broker
 *   does not answer
 */
export async function* readDeadLetters(
  source: DeadLetterSource,
  {
    group,
    keys,
    cursor: first,
  }: { group: string; keys?: readonly QueueKey[] | undefined; cursor?: string | undefined },
): AsyncGenerator<readonly DeadLetter[]> {
  const deadLetters = asOpsError(() => source.deadLetters({ group, ...(keys !== undefined && { keys }) }));
  let cursor = first;
  do {
    const page = await deadLetters
      .list({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
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
