import { setTimeout as sleep } from 'node:timers/promises';
import { isQueueError, type QueueBackend } from '@slack-mcp/core';
import { campaignEvent } from './campaign-event.ts';
import { Journal, JournalTail } from './journal.ts';
import { openBackend } from './open-backend.ts';
import type { Grant, PublisherOrders } from './orders.ts';

// A publisher process. It publishes its events until each is confirmed. If the outcome is unknown, it publishes the
// event
// again with the same message id, as the contract requires.

process.once('disconnect', orphaned);
process.once('message', (orders: PublisherOrders) => {
  const gate = new Gate();
  process.on('message', ({ limit }: Grant) => gate.open(limit));
  main(orders, gate).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
});

/** Holds back events that must not be published yet. */
class Gate {
  #limit = 0;
  #opened = Promise.withResolvers<void>();

  open(limit: number): void {
    this.#limit = limit;
    this.#opened.resolve();
    this.#opened = Promise.withResolvers();
  }

  async pass(event: number): Promise<void> {
    while (event >= this.#limit) await this.#opened.promise;
  }
}

async function main(orders: PublisherOrders, gate: Gate): Promise<void> {
  const journal = new Journal(orders.journal);
  await using backend = await openBackend(orders);
  process.send?.({ started: true });
  const events = remaining(orders);
  const lanes = Array.from({ length: orders.inFlight }, async () => {
    for (const event of events) {
      await gate.pass(event);
      await publish(event, orders, backend, journal);
    }
  });
  await Promise.all(lanes);
  await backend.close();
  process.off('disconnect', orphaned);
  process.disconnect();
}

async function publish(
  event: number,
  { timeoutMs }: PublisherOrders,
  backend: QueueBackend,
  journal: Journal,
): Promise<void> {
  const { key, messageId, payload } = campaignEvent(event);
  for (;;) {
    journal.write('attempted', event);
    try {
      await backend.publish(key, payload, { messageId, timeoutMs });
      journal.write('confirmed', event);
      return;
    } catch (error) {
      if (!isQueueError(error) || !error.retryable) throw error;
      journal.write('rejected', event, error.code);
      await sleep(20);
    }
  }
}

/** The events of this publisher that its predecessors have not confirmed, in order. All lanes share one iterator. */
function remaining({ index, step, events, earlier }: PublisherOrders): IterableIterator<number> {
  const confirmed = new Uint8Array(events);
  for (const path of earlier) {
    const tail = new JournalTail(path);
    tail.read(({ kind, event }) => {
      if (kind === 'confirmed') confirmed[event] = 1;
    });
    tail.close();
  }
  let next = index;
  return {
    next() {
      while (next < events && confirmed[next] === 1) next += step;
      if (next >= events) return { done: true, value: undefined };
      const value = next;
      next += step;
      return { done: false, value };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}

/** Ends this process, because its parent has ended. */
function orphaned(): void {
  process.exit(1);
}
