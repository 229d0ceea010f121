import type { JsonObject } from '@slack-mcp/core';

/** The data that is stored for a key. */
export interface IdempotencyRecord {
  /** The fingerprint of the content that the key was used for. */
  readonly fingerprint: string;
  /** The result of the work; absent while the outcome is unknown. */
  readonly result?: JsonObject;
}

/** Stores the result of the work for each key. If the store outlives the process, a key also works after a restart. */
export interface IdempotencyStore {
  /**
   * Claims a key. If the key is already claimed, returns the record of the key. The claim is atomic: of two concurrent
   * calls, only one claims the key, and the other gets its record.
   *
   * @param caller - the owner of the key, so that a store can limit the keys of each caller; absent without
   *   authentication
   * @throws Error - the key cannot be stored reliably, so the work must not start
   */
  claim(key: string, fingerprint: string, caller?: string): Promise<IdempotencyRecord | undefined>;
  /** Stores the result of the work for a claimed key. */
  complete(key: string, result: JsonObject): Promise<void>;
  /** Releases the key, because the work certainly had no effect. */
  release(key: string): Promise<void>;
}
