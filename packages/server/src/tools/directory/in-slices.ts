import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds for which others wait at most. */
const SLICE_MS = 5;

/** Items after which the clock is looked at. */
const FEW = 64;

/**
 * Visits each of many items, and lets others have their turn every few milliseconds.
 *
 * @throws the signal's reason once it is aborted
 */
export async function inSlices<T>(items: Iterable<T>, visit: (item: T) => void, signal?: AbortSignal): Promise<void> {
  let began = performance.now();
  let count = 0;
  for (const item of items) {
    visit(item);
    count += 1;
    if (count % FEW !== 0 || performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
