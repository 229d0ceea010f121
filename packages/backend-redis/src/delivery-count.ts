/**
 * Redis keeps one number for each pending message of a group, and deletes it with the ack. The number holds both
 * counts: 10,000 for each failure, and 1 for each delivery that began and has no outcome. Redis itself starts at 1 when
 * a consumer fetches a message, before any delivery.
 */
const FAILURE = 10_000;

/** The highest number of losses that can be encoded. */
export const MAX_LOSSES: number = FAILURE - 2;

/** The counts of a message in a group. */
export interface Counts {
  /** How often it was nacked. */
  readonly failures: number;
  /** Deliveries that began and ended without a settlement. */
  readonly losses: number;
}

/** Encodes the counts as Redis stores them. */
export function encodeCounts({ failures, losses }: Counts): number {
  return failures * FAILURE + Math.min(losses, MAX_LOSSES) + 1;
}

/** Decodes the number that Redis stores, even if another client set it. */
export function decodeCounts(count: number): Counts {
  const both = Math.max(0, count - 1);
  return { failures: Math.floor(both / FAILURE), losses: both % FAILURE };
}
