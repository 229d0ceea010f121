import type { QueueMessage, Subscription } from '@slack-mcp/core';
import type { Entry, Pool } from './pool.ts';

/** A message that a consumer holds, and what the model knows of it. */
export interface Held {
  readonly message: QueueMessage;
  readonly entry: Entry;
}

/** A subscription beside what the model thinks of it. */
export interface Consumer {
  readonly pool: Pool;
  readonly subscription: Subscription;
  readonly controller: AbortController;
  readonly prefetch: number;
  readonly inHand: Held[];
  /** Nothing more may come. */
  stopped: boolean;
  /** A `next()` that has no answer yet. */
  waiting: boolean;
  /** Answers that the model has not looked at. */
  readonly answers: IteratorResult<QueueMessage, undefined>[];
}

/** Asks for a message, unless that was done already. */
export function ask(consumer: Consumer): void {
  if (consumer.waiting) return;
  consumer.waiting = true;
  void consumer.subscription.next().then((answer) => {
    consumer.waiting = false;
    consumer.answers.push(answer);
  });
}
