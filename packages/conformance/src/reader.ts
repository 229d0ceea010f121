import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { CheckFailure, check } from './check.ts';
import { within } from './eventually.ts';

/**
 * Reads a subscription with deadlines. If a `next()` did not settle in time, the following read reuses its promise, so
 * that no message is lost between two reads.
 */
export class Reader {
  readonly subscription: Subscription;
  readonly #name: string;
  readonly #deadlineMs: number;
  #pending: Promise<IteratorResult<QueueMessage, undefined>> | undefined;
  #count = 0;

  constructor(subscription: Subscription, name: string, deadlineMs: number) {
    this.subscription = subscription;
    this.#name = name;
    this.#deadlineMs = deadlineMs;
  }

  /** Returns the next message. @throws CheckFailure - no message arrived in time, or the iteration ended */
  async next(what = 'the next message'): Promise<QueueMessage> {
    const result = await within(this.#ask(), {
      deadlineMs: this.#deadlineMs,
      describe: () => `${what} at ${this.#name} (after ${this.#count} messages)`,
    });
    this.#pending = undefined;
    if (result.done) throw new CheckFailure(`the iteration of ${this.#name} ended; expected ${what}`);
    this.#count += 1;
    return result.value;
  }

  /** Returns the next message, or `undefined` if `until` settles first or the iteration ends. */
  async nextBefore(until: Promise<unknown>): Promise<QueueMessage | undefined> {
    const pending = this.#ask();
    const result = await Promise.race([pending, until.then(() => undefined)]);
    if (result === undefined) return undefined;
    this.#pending = undefined;
    if (result.done) return undefined;
    this.#count += 1;
    return result.value;
  }

  async take(count: number, what?: string): Promise<QueueMessage[]> {
    const messages: QueueMessage[] = [];
    while (messages.length < count) {
      messages.push(await this.next(what ?? `message ${messages.length + 1} of ${count}`));
    }
    return messages;
  }

  /**
   * Requests the next message and expects the end of the iteration. In mode `on-next`, the request acks the previous
   * message.
   */
  async end(what: string): Promise<void> {
    const result = await within(this.#ask(), { deadlineMs: this.#deadlineMs, describe: `the end after ${what}` });
    this.#pending = undefined;
    check.ok(result.done, `${what}: the iteration continued`);
  }

  /** Requests a message without waiting for it. In mode `on-next`, the request acks the previous message. */
  ask(): void {
    this.#ask();
  }

  return(): Promise<IteratorResult<QueueMessage, undefined>> {
    return within(this.subscription.return(), { deadlineMs: this.#deadlineMs, describe: `return() of ${this.#name}` });
  }

  /** Closes the subscription. By default, does not wait for messages in flight. */
  close(drainTimeoutMs = 0): Promise<void> {
    return within(this.subscription.close({ drainTimeoutMs }), {
      deadlineMs: this.#deadlineMs,
      describe: `close() of ${this.#name}`,
    });
  }

  #ask(): Promise<IteratorResult<QueueMessage, undefined>> {
    if (this.#pending === undefined) {
      this.#pending = this.subscription.next();
      this.#pending.catch(() => {});
    }
    return this.#pending;
  }
}
