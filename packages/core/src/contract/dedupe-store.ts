import type { Env } from '../config/env.ts';
import type { BackendHealth } from './backend.ts';
import type { Logger } from './logger.ts';

/**
 * The exclusive right to publish one id. Call one of the two methods, exactly once. A late confirmation still counts.
 */
export interface DedupeClaim {
  /** The message is in the queue: further claims within the window resolve with `published`. */
  confirm(): Promise<void>;
  /** The message was not published: the next caller may claim the id. */
  release(): Promise<void>;
}

/**
 * Records which messages were published, for backends that would store the same message twice. It records only
 * successful publishes, so a failed publish can be retried at once. Only publishing uses it: a redrive is never
 * deduplicated.
 */
export interface DedupeStore {
  /**
   * Resolves with `published` if the id was already published, otherwise with the right to publish it. If another
   * caller holds that right, waits for the outcome of its publish.
   *
   * @param timeoutMs - maximum time to wait for another caller, in milliseconds
   * @throws QueueTimeoutError - the outcome is still unknown
   * @throws any other error, without delay - the store is unavailable; the event is published without a claim
   */
  claim(id: string, timeoutMs: number): Promise<DedupeClaim | 'published'>;
}

/** A store that several processes share. A claim expires after a short time, a recorded publish after the window. */
export interface SharedDedupeStore extends DedupeStore {
  /** Reports the state: `degraded` while the store is unavailable and events flow without it. Never rejects. */
  health(): Promise<Pick<BackendHealth, 'status' | 'detail'>>;
  /**
   * Closes the connection once the broker has received all confirmations and releases or has become unreachable.
   * Idempotent.
   */
  close(): Promise<void>;
}

/**
 * The export `openDedupeStore` of the subpath in `PluginFacets.dedupeStore`. The store connects on first use.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export type OpenDedupeStore = (env: Env, options?: { logger?: Logger }) => SharedDedupeStore;
