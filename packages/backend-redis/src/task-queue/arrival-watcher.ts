import { isQueueError, QueueClosedError } from '@slack-mcp/core';
import { MAX_TIMER_MS } from '@slack-mcp/core/backend';
import type { ResolvedOptions } from '../options.ts';
import { ArrivalChannel } from './arrival-channel.ts';

/** How to wait. */
export interface WaitOptions {
  /** Ends the waiting: the promise is rejected with its reason. */
  signal?: AbortSignal;
  /** Milliseconds until the promise is resolved with `false`. Default: without end. */
  timeoutMs?: number;
}

/** Milliseconds that the last look before the end of a wait may take. */
const LAST_LOOK_MS = 1_000;

interface Waiter {
  resolve(arrived: boolean): void;
  reject(error: unknown): void;
}

/** Those that wait for one queue. */
interface Watch {
  readonly waiters: Set<Waiter>;
  looking: boolean;
  /** Something has happened since the look that is under way began. */
  again: boolean;
}

/**
 * Waits for queues to hold something. Redis' notification says when to look and the look decides, so that a
 * notification more or less changes nothing: it looks at once, after each subscription, after each notification and
 * every few seconds.
 */
export class ArrivalWatcher {
  readonly #hasMessage: (queue: string) => Promise<boolean>;
  readonly #recheckIntervalMs: number;
  readonly #channel: ArrivalChannel;
  readonly #watches = new Map<string, Watch>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * @param hasMessage - looks at a queue
   */
  constructor(options: ResolvedOptions, recheckIntervalMs: number, hasMessage: (queue: string) => Promise<boolean>) {
    this.#hasMessage = hasMessage;
    this.#recheckIntervalMs = recheckIntervalMs;
    this.#channel = new ArrivalChannel(options, {
      onArrival: (queue) => this.#look(queue),
      onSubscribed: (queues) => queues.forEach((queue) => void this.#look(queue)),
    });
  }

  /** Resolves with `true` when the queue holds something, and all that wait for it with it. */
  async wait(queue: string, { signal, timeoutMs = Number.POSITIVE_INFINITY }: WaitOptions): Promise<boolean> {
    signal?.throwIfAborted();
    if (this.#closed) throw closed();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { resolve, reject };
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const deadline = timeoutMs > MAX_TIMER_MS ? undefined : setTimeout(() => this.#expire(queue, waiter), timeoutMs);
    this.#join(queue, waiter);
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      this.#leave(queue, waiter);
    }
  }

  /** Rejects all that wait. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { waiters } of this.#watches.values()) for (const { reject } of waiters) reject(closed());
    this.#channel.close();
  }

  #join(queue: string, waiter: Waiter): void {
    const present = this.#watches.get(queue);
    const watch = present ?? { waiters: new Set(), looking: false, again: false };
    watch.waiters.add(waiter);
    this.#watches.set(queue, watch);
    this.#timer ??= setInterval(() => this.#recheck(), this.#recheckIntervalMs);
    void this.#look(queue).then(() => {
      if (present === undefined && this.#watches.get(queue) === watch && !this.#closed) this.#channel.subscribe(queue);
    });
  }

  #leave(queue: string, waiter: Waiter): void {
    const watch = this.#watches.get(queue);
    watch?.waiters.delete(waiter);
    if (watch?.waiters.size !== 0) return;
    this.#watches.delete(queue);
    if (!this.#closed) this.#channel.unsubscribe(queue);
    if (this.#watches.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #recheck(): void {
    this.#channel.probe();
    for (const queue of this.#watches.keys()) void this.#look(queue);
  }

  async #look(queue: string): Promise<void> {
    const watch = this.#watches.get(queue);
    if (watch === undefined) return;
    watch.again = true;
    if (watch.looking) return;
    watch.looking = true;
    try {
      while (watch.again && watch.waiters.size > 0) {
        watch.again = false;
        if (await this.#hasMessage(queue)) for (const { resolve } of watch.waiters) resolve(true);
      }
    } catch (error) {
      // While Redis is away there is nothing to know: the next look comes.
      if (isQueueError(error) && error.retryable) return;
      for (const { reject } of watch.waiters) reject(error);
    } finally {
      watch.looking = false;
    }
  }

  /** A message that came right before the end is not overlooked; a Redis that does not answer is not waited for. */
  #expire(queue: string, { resolve }: Waiter): void {
    setTimeout(resolve, LAST_LOOK_MS, false).unref();
    this.#hasMessage(queue).then(resolve, () => resolve(false));
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the task message queue was closed');
}
