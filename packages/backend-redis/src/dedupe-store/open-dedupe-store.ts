import type { OpenDedupeStore } from '@slack-mcp/core';
import { RedisDedupeStore } from './redis-dedupe-store.ts';

/** What servers that share a Redis have published, by the variables of the Redis backend. */
export const openDedupeStore: OpenDedupeStore = (env, options) => RedisDedupeStore.fromEnv(env, options);
