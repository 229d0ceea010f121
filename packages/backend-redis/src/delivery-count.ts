/**
 * Redis keeps one number for each message that a group holds, and deletes it with the ack. It holds both counts: 10,000
 * for each failure, and 1 for each delivery that began and has no outcome. Redis itself begins at 1 when it gives a
 * message to a consumer: fetched, not begun.
 */
const FAILURE = 10_000;

/** The most losses that fit. */
export const MAX_LOSSES: number = FAILURE - 2;

/** What is counted for a message in a group. */
export interface Counts {
  /** How often it was nacked. */
  readonly failures: number;
  /** Deliveries that began and ended without a settlement. */
  readonly losses: number;
}

/** The number at Redis for these counts. */
export function encodeCounts({ failures, losses }: Counts): number {
  return failures * FAILURE + Math.min(losses, MAX_LOSSES) + 1;
}

/** The counts in a number at Redis, also where another client made it. */
export function decodeCounts(count: number): Counts {
  const both = Math.max(0, count - 1);
  return { failures: Math.floor(both / FAILURE), losses: both % FAILURE };
}
