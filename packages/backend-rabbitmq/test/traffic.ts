import { isQueueError, type QueueBackend } from '@slack-mcp/core';
import { expect } from 'vitest';

const LANES = 32;
const PATIENCE = { timeout: 120_000, interval: 50 };

/** What {@link Traffic} uses. */
export interface TrafficOptions {
  readonly publisher: QueueBackend;
  readonly consumer: QueueBackend;
  readonly key: string;
  readonly group: string;
}

/**
 * Publishes messages and handles them continuously, so that messages are on their way in both directions when a fault
 * occurs. A publish with an unknown outcome is repeated with the same id.
 */
export class Traffic {
  readonly confirmed = new Set<string>();
  readonly #options: TrafficOptions;
  readonly #handled = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #stopping = new AbortController();
  readonly #work: Promise<unknown>[] = [];

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Resolves when the first messages were handled. */
  async start(): Promise<void> {
    const { consumer, key, group } = this.#options;
    const subscription = consumer.consume({ keys: [key], group, signal: this.#stopping.signal });
    await subscription.ready;
    this.#work.push(
      (async () => {
        for await (const { metadata } of subscription) {
          this.#handled.add(metadata.messageId);
          this.#waiting.get(metadata.messageId)?.();
        }
      })(),
    );
    for (let lane = 0; lane < LANES; lane += 1) this.#work.push(this.#publish(lane));
    await this.progress(LANES);
  }

  /** Resolves when `count` more messages are confirmed and handled. */
  async progress(count: number): Promise<void> {
    const goal = this.#done + count;
    await expect.poll(() => this.#done, PATIENCE).toBeGreaterThanOrEqual(goal);
  }

  /** Stops publishing, and resolves to the ids of confirmed messages that never arrive. */
  async stop(): Promise<string[]> {
    const missing = (): string[] => [...this.confirmed].filter((id) => !this.#handled.has(id));
    this.#isPublishing = false;
    await expect
      .poll(missing, PATIENCE)
      .toEqual([])
      .catch(() => {});
    const lost = missing();
    this.#stopping.abort();
    for (const arrived of this.#waiting.values()) arrived();
    await Promise.all(this.#work);
    return lost;
  }

  #isPublishing = true;

  get #done(): number {
    let done = 0;
    for (const id of this.confirmed) if (this.#handled.has(id)) done += 1;
    return done;
  }

  /** Waits for each message to arrive before it publishes the next one, so that the queue stays short. */
  async #publish(lane: number): Promise<void> {
    const { publisher, key } = this.#options;
    for (let n = 0; this.#isPublishing; n += 1) {
      const messageId = `${lane}-${n}`;
      const arrived = new Promise<void>((resolve) => this.#waiting.set(messageId, resolve));
      while (!this.confirmed.has(messageId)) {
        try {
          await publisher.publish(key, { lane, n }, { messageId });
          this.confirmed.add(messageId);
        } catch (error) {
          if (!isQueueError(error) || !error.retryable) throw error;
        }
      }
      await arrived;
      this.#waiting.delete(messageId);
    }
  }
}
