import { nextTick } from 'node:process';
import {
  ConnectionError,
  QueueClosedError,
  type QueueError,
  QueueTimeoutError,
  type ResolvedPublish,
} from '@slack-mcp/core';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { PendingPublish } from './pending-publish.ts';
import { isPassing, PublishLane, pause } from './publish-lane.ts';
import { PUBLISHING, toQueueError } from './redis-error.ts';
import type { StreamNames } from './stream-names.ts';

/** Batches under way at a time: some are encoded here while Redis stores the others. */
const LANES = 4;
/** A batch is one step at Redis: it must not hold up the others for long. */
const MAX_BATCH = 64;
const MAX_BATCH_CHARACTERS = 2 ** 20;

/**
 * The messages on their way to one stream. What came while a batch was under way goes together into the next, so that
 * one call carries many; nothing waits for a timer.
 */
export class PublishQueue {
  readonly #connection: RedisConnection;
  readonly #names: StreamNames;
  readonly #options: ResolvedOptions;
  readonly #lanes: readonly PublishLane[];
  readonly #open = new Set<PendingPublish>();
  readonly #closing = new AbortController();
  #waiting: PendingPublish[] = [];
  #scheduled = false;
  #connecting = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(connection: RedisConnection, names: StreamNames, options: ResolvedOptions) {
    this.#connection = connection;
    this.#names = names;
    this.#options = options;
    this.#lanes = Array.from({ length: LANES }, () => new PublishLane(connection, names, options));
  }

  add(message: ResolvedPublish): Promise<void> {
    const pending = new PendingPublish(message, () => this.#forget(pending));
    this.#open.add(pending);
    this.#waiting.push(pending);
    this.#watch(pending.deadline);
    this.#schedule();
    return pending.stored;
  }

  /** Resolves when every message that was added is settled; those that are not in time are rejected. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#open.size > 0) {
      this.#idle = Promise.withResolvers();
      const timer = setTimeout(() => this.#abandon(), timeoutMs);
      await this.#idle.promise;
      clearTimeout(timer);
    }
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  #abandon(): void {
    const error = new QueueClosedError('the backend was closed before Redis confirmed: the outcome is unknown');
    for (const pending of this.#open) pending.reject(error);
  }

  #forget(pending: PendingPublish): void {
    this.#open.delete(pending);
    if (this.#open.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#idle?.resolve();
  }

  /** After the microtasks of this turn, so that whoever publishes again at once is in the same batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    nextTick(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#connecting) return;
    if (!this.#connection.isReady) {
      this.#connecting = true;
      await this.#connect();
      this.#connecting = false;
    }
    for (const lane of this.#lanes) {
      if (lane.busy) continue;
      const batch = this.#take();
      if (batch.length === 0) return;
      void this.#run(lane, batch);
    }
  }

  async #run(lane: PublishLane, batch: readonly PendingPublish[]): Promise<void> {
    lane.busy = true;
    await lane.store(batch, this.#closing.signal);
    lane.busy = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Nothing is taken from those that wait before there is a connection: they can still time out unsent. */
  async #connect(): Promise<void> {
    for (let attempt = 0; this.#waiting.some((pending) => !pending.settled); attempt += 1) {
      try {
        await this.#connection.ready();
        return;
      } catch (cause) {
        const error = this.#toError(cause);
        if (!isPassing(error) || attempt >= this.#options.maxRetries) {
          for (const pending of this.#waiting) pending.reject(error);
        }
      }
      if (!(await pause(attempt, this.#options.retryDelayMs, this.#closing.signal))) return;
    }
  }

  #take(): PendingPublish[] {
    const batch: PendingPublish[] = [];
    let characters = 0;
    let index = 0;
    for (; index < this.#waiting.length; index += 1) {
      const pending = this.#waiting[index] as PendingPublish;
      if (pending.settled) continue;
      characters += pending.message.text.length;
      if (batch.length > 0 && (batch.length >= MAX_BATCH || characters > MAX_BATCH_CHARACTERS)) break;
      batch.push(pending);
    }
    this.#waiting = index === this.#waiting.length ? [] : this.#waiting.slice(index);
    return batch;
  }

  /** One timer for all: most have the same patience, so the first to come is the first to be over. */
  #watch(deadline: number): void {
    if (deadline >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, deadline - performance.now()) + 1);
  }

  #expire(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const pending of this.#open) {
      if (pending.deadline <= now) pending.reject(this.#timeout(pending));
      else next = Math.min(next, pending.deadline);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#watch(next);
  }

  #timeout({ sent, message, refusal }: PendingPublish): Error {
    const cause = this.#connection.lastError ?? refusal;
    const doing = `publishing to ${this.#names.key} at ${this.#options.endpoint}`;
    if (sent) {
      const said = refusal === undefined ? '' : ` (it said last: ${refusal.message.slice(0, 100)})`;
      return new QueueTimeoutError(
        `${doing}: Redis did not confirm within ${message.timeoutMs} ms${said}; the outcome is unknown, publish again with the same messageId`,
        { cause },
      );
    }
    if (cause !== undefined) return this.#toError(cause);
    return new ConnectionError(`${doing}: no connection within ${message.timeoutMs} ms; nothing was sent`);
  }

  #toError(cause: unknown): QueueError {
    return toQueueError(cause, `publishing to ${this.#names.key}`, this.#options.endpoint, PUBLISHING);
  }
}
