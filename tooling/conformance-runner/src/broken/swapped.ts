import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { wrapSubscription } from '../wrap.ts';

/** Swaps every two messages. */
export function swapped(inner: Subscription): Subscription {
  let kept: IteratorResult<QueueMessage, undefined> | undefined;
  return wrapSubscription(inner, {
    async next() {
      if (kept !== undefined) {
        const result = kept;
        kept = undefined;
        return result;
      }
      const first = await inner.next();
      if (first.done || first.value.metadata.orderingKey === undefined) return first;
      kept = first;
      return inner.next();
    },
  });
}
