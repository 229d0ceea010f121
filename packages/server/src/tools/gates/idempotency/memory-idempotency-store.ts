import type { IdempotencyStore } from '@slack-mcp/core';
import { type KeyLimits, KeyRecords } from './key-records.ts';

/** Creates a store that keeps keys in the memory of this process. */
export function createMemoryIdempotencyStore(limits: KeyLimits = {}): IdempotencyStore {
  const records = new KeyRecords(limits, () => performance.now());
  return {
    async claim(key, fingerprint, caller) {
      const known = records.get(key);
      if (known === undefined) records.claim(key, fingerprint, caller);
      return known;
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
