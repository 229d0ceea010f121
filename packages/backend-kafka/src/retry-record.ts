import type { Counts } from './commit-metadata.ts';
import type { IncomingRecord } from './driver/index.ts';

/** The header of a record in a retry topic. */
export const RETRY_HEADER = 'slack-mcp-retry';

/** The state of a message that was stored for a retry. */
export interface Retry extends Counts {
  /** The time before which the message must not be delivered, in milliseconds since the epoch. */
  readonly dueAt: number;
  readonly delayMs: number;
}

/** The properties of an open message that depend on its retries. */
interface Retried {
  /** The counts since the message was stored for a retry. */
  readonly counts: Counts;
  /** Absent if the message was not stored for a retry. */
  readonly retry?: Retry | undefined;
}

/** Returns the value of {@link RETRY_HEADER}. */
export function encodeRetry({ failures, losses, dueAt, delayMs }: Retry): string {
  return JSON.stringify({ failures, losses, dueAt, delayMs });
}

/** Decodes the {@link RETRY_HEADER} of a record. Returns `undefined` if it is missing or malformed. Never throws. */
export function decodeRetry({ headers }: Pick<IncomingRecord, 'headers'>): Retry | undefined {
  const value = headers.findLast((_, index) => index % 2 === 1 && headers[index - 1] === RETRY_HEADER);
  if (value === undefined) return undefined;
  try {
    const { failures, losses, dueAt, delayMs } = JSON.parse(value) as Retry;
    const isValid = [failures, losses, dueAt, delayMs].every((each) => Number.isSafeInteger(each) && each >= 0);
    return isValid ? { failures, losses, dueAt, delayMs } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the counts of a message, including those from before it was stored for a retry. */
export function totalCounts({ counts, retry }: Retried): Counts {
  if (retry === undefined) return counts;
  return { failures: counts.failures + retry.failures, losses: counts.losses + retry.losses };
}

/** Returns the milliseconds until a message may be delivered. */
export function dueInMs({ retry }: Pick<Retried, 'retry'>): number {
  if (retry === undefined) return 0;
  // The clock of the member that stored it may be ahead.
  return Math.min(retry.dueAt - Date.now(), retry.delayMs);
}
