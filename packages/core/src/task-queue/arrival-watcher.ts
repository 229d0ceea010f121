import { MAX_TIMER_MS } from '../config/resolve-integers.ts';
import { isQueueError, QueueClosedError } from '../contract/errors.ts';
import type { WaitOptions } from './wait-options.ts';

/** A connection that receives notifications of new messages from the broker. */
export interface ArrivalChannel {
  /** Subscribes to the notifications of a queue. Never throws. Subscribes again after each outage. */
  subscribe(queue: string): void;
  unsubscribe(queue: string): void;
  /** Detects a dead connection and opens a new one. Called regularly. */
  probe(): void;
  close(): void;
}

/** The callbacks of an {@link ArrivalChannel}. */
export interface ArrivalListener {
  onArrival(queue: string): void;
  /** Called when the broker begins to send notifications about the queues. */
  onSubscribed(queues: readonly string[]): void;
}

/** The settings of an {@link ArrivalWatcher}. */
export interface ArrivalWatcherSettings {
  openChannel(listener: ArrivalListener): ArrivalChannel;
  /** Milliseconds between two regular checks, which need no notification. */
  readonly recheckIntervalMs: number;
  /** Checks whether a queue has a message. */
  hasMessage(queue: string): Promise<boolean>;
}

/** Maximum time in milliseconds for the last check before a wait ends. */
const LAST_LOOK_MS = 1_000;

interface Waiter {
  resolve(arrived: boolean): void;
  reject(error: unknown): void;
}

/** The callers that wait for one queue. */
interface Watch {
  readonly waiters: Set<Waiter>;
  looking: boolean;
  /** Whether a new check has been triggered since the current check began. */
  again: boolean;
}

/**
 * Waits until a queue has a message. A notification only triggers a check of the queue, so lost or additional
 * notifications do no harm. The watcher checks a queue immediately, after each subscription, after each notification
 * and at regular intervals.
 */
export class ArrivalWatcher {
  readonly #settings: ArrivalWatcherSettings;
  readonly #channel: ArrivalChannel;
  readonly #watches = new Map<string, Watch>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: ArrivalWatcherSettings) {
    this.#settings = settings;
    this.#channel = settings.openChannel({
      onArrival: (queue) => this.#look(queue),
      onSubscribed: (queues) => queues.forEach((queue) => void this.#look(queue)),
    });
  }

  /**
   * Resolves to `true` when the queue has a message. If several callers wait for the queue, all their promises resolve.
   */
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

  /** Rejects all pending waits. */
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
    this.#timer ??= setInterval(() => this.#recheck(), this.#settings.recheckIntervalMs);
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
        if (await this.#settings.hasMessage(queue)) for (const { resolve } of watch.waiters) resolve(true);
      }
    } catch (error) {
      // While the broker is unavailable, wait for the next check.
      if (isQueueError(error) && error.retryable) return;
      for (const { reject } of watch.waiters) reject(error);
    } finally {
      watch.looking = false;
    }
  }

  /**
   * Checks the queue once more before a wait ends, to find a message that has just arrived. Ends the wait if the broker
   * does not respond.
   */
  #expire(queue: string, { resolve }: Waiter): void {
    setTimeout(resolve, LAST_LOOK_MS, false).unref();
    this.#settings.hasMessage(queue).then(resolve, () => resolve(false));
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the task message queue is closed: create a new one');
}
