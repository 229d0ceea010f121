import { QueueClosedError } from '@slack-mcp/core';
import type { AcmeOptions } from './options.ts';
import { type Entry, type ParkedEntry, StandInBroker, type StoredMessage } from './stand-in/broker.ts';

export type { Entry, ParkedEntry, StoredMessage };

/** What a consumer asks the broker for. */
export interface TakeRequest {
  readonly group: string;
  /** Identifies the consumer. */
  readonly owner: string;
  readonly keys: readonly string[];
  readonly limit: number;
  /** Milliseconds to wait for the first message. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * FILL IN 1 of 5: the connection and the requests to your broker. Connect on first use, not in the constructor. Every
 * method must settle within `timeoutMs`, and reject with an error of `@slack-mcp/core`: `ConnectionError` if the broker
 * cannot be reached, `AuthenticationError` if it refuses the credentials. See `connectionProblem` in
 * `@slack-mcp/core/backend`.
 */
export class AcmeClient {
  readonly #address: string;
  #closed = false;

  constructor({ url, prefix }: AcmeOptions) {
    this.#address = `${url} ${prefix}`;
  }

  /** Asks the broker for an answer. For `health()`. */
  async ping(): Promise<void> {
    this.#broker();
  }

  /** Creates a group that receives every message published under `keys` from now on. */
  async join(group: string, keys: readonly string[]): Promise<void> {
    this.#broker().join(group, keys);
  }

  async removeGroup(group: string): Promise<void> {
    this.#broker().removeGroup(group);
  }

  /**
   * Stores messages, in order. Resolves once the broker has confirmed them, with whether each has a group that receives
   * it. A repeated id stores nothing.
   */
  async store(messages: readonly StoredMessage[]): Promise<boolean[]> {
    return messages.map((message) => this.#broker().store(message));
  }

  take(request: TakeRequest): Promise<Entry[]> {
    return this.#broker().take(request);
  }

  /** Resolves with the positions that the consumer no longer owned. */
  async ack(group: string, owner: string, positions: readonly number[]): Promise<number[]> {
    return this.#broker().ack(group, owner, positions);
  }

  /** Returns a message with new counts. Resolves with whether the consumer owned it. */
  async giveBack(group: string, owner: string, entry: Omit<Entry, 'message'>, delayMs: number): Promise<boolean> {
    return this.#broker().giveBack(group, owner, entry, delayMs);
  }

  /** Parks a message. Resolves with whether the consumer owned it. */
  async park(group: string, owner: string, position: number, record: string): Promise<boolean> {
    return this.#broker().park(group, owner, position, record);
  }

  /** The parked messages of a key, oldest first. */
  async parked(group: string, key: string): Promise<ParkedEntry[]> {
    return this.#broker().parked(group, key);
  }

  async redrive(group: string, key: string, parked: readonly number[]): Promise<number> {
    return this.#broker().redrive(group, key, parked);
  }

  async purge(group: string, key: string, parked: readonly number[]): Promise<number> {
    return this.#broker().purge(group, key, parked);
  }

  /** Returns the messages of a consumer that ends. */
  async leave(group: string, owner: string): Promise<void> {
    this.#broker().leave(group, owner);
  }

  /** Disconnects, and rejects pending requests. */
  async close(): Promise<void> {
    this.#closed = true;
  }

  #broker(): StandInBroker {
    if (this.#closed) throw new QueueClosedError('the connection to Acme is closed');
    return StandInBroker.at(this.#address);
  }
}
