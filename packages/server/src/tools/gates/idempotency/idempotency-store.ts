import type { JsonObject } from '@slack-mcp/core';

/** What is known of a key. */
export interface IdempotencyRecord {
  /** Of what the key was used for. */
  readonly fingerprint: string;
  /** Absent while it is not known whether it was done. */
  readonly result?: JsonObject;
}

/** Remembers what was done under a key. One that outlives the process keeps the promise across restarts. */
export interface IdempotencyStore {
  /**
   * Records the key, unless it is recorded: then returns what is known. One step: of two who ask at once one gets the
   * record.
   *
   * @param caller - whose key it is, so that a store can bound the keys of each; absent without authorization
   * @throws Error where it cannot be recorded, or promised to be remembered: then nothing is done under it
   */
  claim(key: string, fingerprint: string, caller?: string): Promise<IdempotencyRecord | undefined>;
  /** Records what was done. */
  complete(key: string, result: JsonObject): Promise<void>;
  /** Forgets the key: certainly nothing was done. */
  release(key: string): Promise<void>;
}
