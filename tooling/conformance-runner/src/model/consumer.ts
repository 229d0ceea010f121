import type { QueueMessage, Subscription } from '@slack-mcp/core';
import type { Entry, Pool } from './pool.ts';

/** A message that a consumer holds, and its entry in the model. */
export interface Held {
  readonly message: QueueMessage;
  readonly entry: Entry;
}

/** A subscription, and its state in the model. */
export interface Consumer {
  readonly pool: Pool;
  readonly subscription: Subscription;
  readonly controller: AbortController;
  readonly prefetch: number;
  readonly inHand: Held[];
  /** Whether the consumer has stopped. A stopped consumer must receive no more messages. */
  stopped: boolean;
  /** Whether a call of `next()` has not returned yet. */
  waiting: boolean;
  /** Results of `next()` that were not yet compared with the model. */
  readonly answers: IteratorResult<QueueMessage, undefined>[];
}

/** Requests a message, unless a request is already waiting. */
export function ask(consumer: Consumer): void {
  if (consumer.waiting) return;
  consumer.waiting = true;
  void consumer.subscription.next().then((answer) => {
    consumer.waiting = false;
    consumer.answers.push(answer);
  });
}
