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
  /** Records the key, unless it is: then returns what is known. One step: of two who ask at once one gets the record. */
  claim(key: string, fingerprint: string): Promise<IdempotencyRecord | undefined>;
  /** Records what was done. */
  complete(key: string, result: JsonObject): Promise<void>;
  /** Forgets the key: certainly nothing was done. */
  release(key: string): Promise<void>;
}

/** Options of `createMemoryIdempotencyStore`. */
export interface MemoryIdempotencyStoreOptions {
  /** Most keys at once; the oldest go first. Default 10000. */
  maxKeys?: number;
  /** Milliseconds for which a key is remembered. Default 24 hours. */
  ttlMs?: number;
}

/** Remembers in this process. */
export function createMemoryIdempotencyStore(options: MemoryIdempotencyStoreOptions = {}): IdempotencyStore {
  const { maxKeys = 10_000, ttlMs = 24 * 60 * 60_000 } = options;
  const records = new Map<string, IdempotencyRecord & { at: number }>();

  return {
    async claim(key, fingerprint) {
      const now = performance.now();
      const known = records.get(key);
      if (known !== undefined && now - known.at < ttlMs) return known;
      records.delete(key);
      for (const [oldest] of records) {
        if (records.size < maxKeys) break;
        records.delete(oldest);
      }
      records.set(key, { fingerprint, at: now });
      return undefined;
    },
    async complete(key, result) {
      const known = records.get(key);
      if (known !== undefined) records.set(key, { ...known, result });
    },
    async release(key) {
      records.delete(key);
    },
  };
}
