import { namespace } from '@slack-mcp/brokers';
import type { DedupeClaim } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { RedisDedupeStore, type RedisDedupeStoreOptions } from '../../src/dedupe-store/index.ts';

/** A prefix for the names of one test. */
export function freshPrefix(): string {
  return `${namespace('dedupe')}:`;
}

/** Opens a store and closes it after the test. */
export function openStore(options: RedisDedupeStoreOptions): RedisDedupeStore {
  const store = new RedisDedupeStore({ prefix: freshPrefix(), ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Claims the right to publish. */
export async function claim(store: RedisDedupeStore, id: string, timeoutMs = 10_000): Promise<DedupeClaim> {
  const answer = await store.claim(id, timeoutMs);
  if (answer === 'published') throw new Error(`${id} was published already`);
  return answer;
}
