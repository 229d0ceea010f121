/**
 * The amount that a failure adds to the delivery count that Redis keeps for each pending message of a group. A delivery
 * that began and has no outcome adds 1. Redis sets the count to 1 when a consumer fetches a message, and deletes it
 * with the ack.
 */
const FAILURE = 10_000;

/** Maximum number of losses that the delivery count can encode. */
export const MAX_LOSSES: number = FAILURE - 2;

/** How often a message failed or was lost in a group. */
export interface Counts {
  /** Number of times the message was nacked. */
  readonly failures: number;
  /** Number of deliveries that began and ended without a settlement. */
  readonly losses: number;
}

/** Encodes the counts as the delivery count that Redis stores. */
export function encodeCounts({ failures, losses }: Counts): number {
  return failures * FAILURE + Math.min(losses, MAX_LOSSES) + 1;
}

/** Decodes the delivery count that Redis stores, even if another client set it. */
export function decodeCounts(count: number): Counts {
  const both = Math.max(0, count - 1);
  return { failures: Math.floor(both / FAILURE), losses: both % FAILURE };
}
