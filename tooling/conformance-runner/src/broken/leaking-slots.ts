import type { Subscription } from '@slack-mcp/core';
import { mapMessages, wrapMessage, wrapSubscription } from '../wrap.ts';

/** A subscription that delivers nothing more after `prefetch` messages were settled with `verb`. */
export function leakingSlots(inner: Subscription, prefetch = 64, verb: 'nack' | 'deadLetter'): Subscription {
  let leaked = 0;
  const mapped = mapMessages(inner, (message) =>
    wrapMessage(message, {
      nack(options) {
        if (verb === 'nack' && options?.delayMs === undefined) leaked += 1;
        return message.nack(options);
      },
      deadLetter(reason) {
        if (verb === 'deadLetter') leaked += 1;
        return message.deadLetter(reason);
      },
    }),
  );
  return wrapSubscription(mapped, { next: () => (leaked >= prefetch ? new Promise(() => {}) : mapped.next()) });
}
