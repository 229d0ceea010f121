import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isQueueError, type QueueBackend, type QueueMessage, type Subscription } from '@slack-mcp/core';
import { campaignKeys, eventNumber } from './campaign-event.ts';
import { type Conduct, conductOf } from './conduct.ts';
import { Journal } from './journal.ts';
import { openBackend } from './open-backend.ts';
import { CRASH_EXIT_CODE, groupName, type WorkerOrders } from './orders.ts';

// A worker process, which is a member of one group. It writes each handled message to its journal before it acks it.
// The seed determines when its handlers linger, nack, throw and crash. SIGTERM makes it shut down cleanly.

const leaving = new AbortController();
const finishing = new AbortController();

process.once('disconnect', orphaned);
process.once('SIGTERM', () => leaving.abort());
process.once('message', (orders: WorkerOrders) => {
  process.once('message', () => finishing.abort());
  new Worker(orders).run().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
});

class HandlerError extends Error {}

class Worker {
  readonly #orders: WorkerOrders;
  readonly #journal: Journal;

  constructor(orders: WorkerOrders) {
    this.#orders = orders;
    this.#journal = new Journal(orders.journal);
  }

  async run(): Promise<void> {
    const backend = await openBackend(this.#orders);
    // If messages are settled in order, a kept message would leave all later ones unsettled.
    const individual = backend.capabilities.settlement === 'individual';
    const holds = (handler: number): boolean => handler === 0 && this.#orders.holds && individual;
    let started = false;
    while (!leaving.signal.aborted) {
      const { group, ack, prefetch, concurrency } = this.#orders;
      const subscription = backend.consume({
        ...{ group: groupName(group), keys: campaignKeys, ack, prefetch, signal: leaving.signal },
      });
      if (!started) {
        // A worker that has to leave before it is ready has nothing to report.
        subscription.ready.then(() => process.send?.({ started: true })).catch(() => undefined);
        started = true;
      }
      try {
        if (ack === 'on-next') for await (const message of subscription) await this.#handle(message);
        else {
          const handlers = Array.from({ length: concurrency }, (_, index) => holds(index));
          await Promise.all(handlers.map((keeps) => this.#settleEach(subscription, keeps)));
        }
      } catch (error) {
        // The loop has ended without an ack for the current message. The next loop continues.
        if (!(error instanceof HandlerError)) throw error;
      }
    }
    await this.#leave(backend);
  }

  /** Handles and settles one message at a time. Several of these loops share a subscription. */
  async #settleEach(subscription: Subscription, keeps: boolean): Promise<void> {
    for (;;) {
      const { done, value: message } = await subscription.next();
      if (done) return;
      if (keeps && !(await this.#keep(message))) continue;
      try {
        await this.#handle(message);
        await this.#settled(() => message.ack());
      } catch (error) {
        if (!(error instanceof HandlerError)) throw error;
        await this.#settled(() => message.nack());
      }
    }
  }

  /** Works on a message until the end is near. Resolves to whether this worker still holds the message. */
  async #keep(message: QueueMessage): Promise<boolean> {
    const over = AbortSignal.any([finishing.signal, leaving.signal, message.signal]);
    if (!over.aborted) await once(over, 'abort');
    return !message.signal.aborted;
  }

  async #handle(message: QueueMessage): Promise<void> {
    const { key, messageId, retryCount } = message.metadata;
    const event = eventNumber({ key, messageId, payload: message.payload });
    if (event < 0) {
      this.#journal.write('foreign', event, JSON.stringify(messageId));
      return;
    }
    switch (this.#conduct(event, retryCount)) {
      case 'crash':
        this.#journal.write('crashed', event, retryCount);
        process.exit(CRASH_EXIT_CODE);
        break;
      case 'throw':
        this.#journal.write('refused', event, retryCount);
        throw new HandlerError();
      case 'nack':
        this.#journal.write('refused', event, retryCount);
        await this.#settled(() => message.nack({ delayMs: (event % 10) * 50 }));
        return;
      case 'linger':
        await sleep(50 + (event % 10) * 20);
    }
    this.#journal.write('handled', event, retryCount);
  }

  /** Handlers fail only at the first delivery. They handle redelivered messages. */
  #conduct(event: number, retryCount: number): Conduct {
    const { seed, group } = this.#orders;
    const conduct = conductOf(seed, group, event);
    if (conduct === 'nack') return retryCount === 0 ? 'nack' : 'handle';
    return conduct === 'crash' || conduct === 'throw' ? (this.#first(event) ? conduct : 'handle') : conduct;
  }

  /** Whether no process of the group has received the event before. Does not rely on the backend's counts. */
  #first(event: number): boolean {
    const { marks, group } = this.#orders;
    try {
      openSync(join(marks, `${group}-${event}`), 'wx');
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Settles like a correct worker: retries while the broker is unavailable, unless another consumer holds the message.
   */
  async #settled(settle: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await settle();
        return;
      } catch (error) {
        if (isQueueError(error, 'ERR_QUEUE_LEASE_LOST') || isQueueError(error, 'ERR_QUEUE_CLOSED')) return;
        if (!isQueueError(error) || !error.retryable) throw error;
        await sleep(20);
      }
    }
  }

  async #leave(backend: QueueBackend): Promise<void> {
    await backend.close();
    this.#journal.close();
    process.off('disconnect', orphaned);
    process.disconnect();
  }
}

/** Ends this process, because its parent has ended. */
function orphaned(): void {
  process.exit(1);
}
