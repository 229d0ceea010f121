import type { Env } from '../config/env.ts';
import type { JsonObject } from './json.ts';
import type { Logger } from './logger.ts';

/** The data that is stored for an idempotency key. */
export interface IdempotencyRecord {
  /** The fingerprint of the content that the key was used for. */
  readonly fingerprint: string;
  /** The result of the work; absent while the outcome is unknown. */
  readonly result?: JsonObject;
}

/**
 * Stores the result of a piece of work for each idempotency key, so that a repeated request does not do the work again.
 * If the store outlives the process, a key also works after a restart.
 */
export interface IdempotencyStore {
  /**
   * Claims a key. If the key is already claimed, returns the record of the key. The claim is atomic: of two concurrent
   * calls, only one claims the key, and the other receives the record. A store that several processes share waits while
   * another process does the work for the same fingerprint.
   *
   * @param caller - the owner of the key, so that a store can limit the keys of each caller; absent without
   *   authentication
   * @param signal - ends the wait for another process
   * @throws Error - the key cannot be stored reliably, so the work must not start
   */
  claim(
    key: string,
    fingerprint: string,
    caller?: string,
    signal?: AbortSignal,
  ): Promise<IdempotencyRecord | undefined>;
  /** Stores the result of the work for a claimed key. */
  complete(key: string, result: JsonObject): Promise<void>;
  /** Releases a claimed key because the work had no effect. The key can then be claimed again. */
  release(key: string): Promise<void>;
  /**
   * Ends the claim without a result, because the outcome of the work is unknown: the key stays claimed, and other
   * processes no longer wait for it.
   */
  abandon?(key: string): Promise<void>;
}

/**
 * A store that several processes share. A claim has a lease, which its process renews. If the process dies, the lease
 * ends, and the outcome is unknown: the key is not granted again.
 */
export interface SharedIdempotencyStore extends IdempotencyStore {
  /** Closes the connection. Idempotent. */
  close(): Promise<void>;
}

/**
 * The type of `openIdempotencyStore`, which a backend package exports from the subpath in
 * `PluginFacets.idempotencyStore`. The store connects on first use.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export type OpenIdempotencyStore = (env: Env, options?: { logger?: Logger }) => SharedIdempotencyStore;
