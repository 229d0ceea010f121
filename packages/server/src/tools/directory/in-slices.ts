import { setImmediate as nextTurn } from 'node:timers/promises';

/** Maximum time in milliseconds before the loop yields to other work. */
const SLICE_MS = 5;

/** Number of items between two checks of the clock. */
const FEW = 64;

/**
 * Calls `visit` for each of many items, and yields to other work every few milliseconds.
 *
 * @throws the signal's abort reason
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
