import type { Env } from '../config/env.ts';
import type { BackendHealth } from './backend.ts';
import type { Logger } from './logger.ts';

/**
 * The exclusive right to publish the message with a given id. Call either `confirm` or `release` exactly once.
 * `confirm` also takes effect after the claim has expired.
 */
export interface DedupeClaim {
  /** Confirms that the message was published: further claims within the dedupe window resolve with `published`. */
  confirm(): Promise<void>;
  /** Gives up the claim because the message was not published: the next caller may claim the id. */
  release(): Promise<void>;
}

/**
 * Records which messages were published, for backends that would store the same message twice. The store records only
 * successful publishes, so a failed publish can be retried at once. A redrive does not use the store and is never
 * deduplicated.
 */
export interface DedupeStore {
  /**
   * Resolves with `published` if the message with this id has already been published, otherwise with the right to
   * publish it. If another caller holds the claim for the id, waits for the outcome of that caller's publish.
   *
   * @param timeoutMs - maximum time to wait for another caller, in milliseconds
   * @throws QueueTimeoutError - the other caller's publish has no outcome after `timeoutMs`
   * @throws any other error - the store is unavailable; rejects without delay, so that the caller can publish the
   *   message without a claim
   */
  claim(id: string, timeoutMs: number): Promise<DedupeClaim | 'published'>;
}

/**
 * A store that several processes share. A claim expires after a short time, and a recorded publish expires after the
 * dedupe window.
 */
export interface SharedDedupeStore extends DedupeStore {
  /**
   * Reports the state: `degraded` while the store is unavailable and events are published without deduplication. Never
   * rejects.
   */
  health(): Promise<Pick<BackendHealth, 'status' | 'detail'>>;
  /**
   * Closes the connection once the broker has received all confirmations and releases or has become unreachable.
   * Idempotent.
   */
  close(): Promise<void>;
}

/**
 * The type of `openDedupeStore`, which a backend package exports from the subpath in `PluginFacets.dedupeStore`. The
 * store connects on first use.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export type OpenDedupeStore = (env: Env, options?: { logger?: Logger }) => SharedDedupeStore;
