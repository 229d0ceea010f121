import type { Env } from '../config/env.ts';
import type { BackendHealth } from './backend.ts';
import type { Logger } from './logger.ts';

/** The right to publish one id. Settled once, one way or the other; a confirmation that comes after all still counts. */
export interface DedupeClaim {
  /** The queue has it: whoever asks within the window is told so. */
  confirm(): Promise<void>;
  /** It was not published: the next one to ask may. */
  release(): Promise<void>;
}

/**
 * Remembers what the queue has, in front of backends that would store the same message twice. It records successes
 * only: what failed may be tried again at once. It stands before the queue, so that a redrive never meets it.
 */
export interface DedupeStore {
  /**
   * Resolves `published` when the queue has the id already, else with the right to publish it. While somebody else
   * holds that right, waits for the outcome.
   *
   * @param timeoutMs - milliseconds to wait for somebody else
   * @throws QueueTimeoutError - still not known
   * @throws anything else, and soon - the store cannot be asked: it is published without a claim
   */
  claim(id: string, timeoutMs: number): Promise<DedupeClaim | 'published'>;
}

/** A store of several processes: a claim has a short life there, and a success that of the window. */
export interface SharedDedupeStore extends DedupeStore {
  /** `degraded` while it cannot be asked: events flow without it. Changes nothing, never rejects. */
  health(): Promise<Pick<BackendHealth, 'status' | 'detail'>>;
  /** Closes the connection once what was settled is known to the broker, or cannot be. Idempotent. */
  close(): Promise<void>;
}

/**
 * The export `openDedupeStore` of the subpath that a backend names as `dedupeStore`. Opens nothing before it is used.
 *
 * @throws ConfigurationError - names the variable and gives an example
 */
export type OpenDedupeStore = (env: Env, options?: { logger?: Logger }) => SharedDedupeStore;
