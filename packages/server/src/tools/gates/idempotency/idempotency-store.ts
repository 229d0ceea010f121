import type { JsonObject } from '@slack-mcp/core';

/** What is stored for a key. */
export interface IdempotencyRecord {
  /** The fingerprint of the content that the key was used for. */
  readonly fingerprint: string;
  /** Absent while the outcome is unknown. */
  readonly result?: JsonObject;
}

/**
 * Stores the result of the work for each key. A store that outlives the process keeps its guarantee across restarts.
 */
export interface IdempotencyStore {
  /**
   * Claims a key. If the key is already claimed, returns its record. The claim is atomic: of two concurrent calls, one
   * gets the record.
   *
   * @param caller - the owner of the key, so that a store can limit the keys of each caller; absent without
   *   authentication
   * @throws Error - the key cannot be stored reliably; the work must then not start
   */
  claim(key: string, fingerprint: string, caller?: string): Promise<IdempotencyRecord | undefined>;
  /** Stores the result of the work. */
  complete(key: string, result: JsonObject): Promise<void>;
  /** Releases the key, because the work certainly had no effect. */
  release(key: string): Promise<void>;
}
