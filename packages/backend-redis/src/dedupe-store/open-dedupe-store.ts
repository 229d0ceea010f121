import type { OpenDedupeStore } from '@slack-mcp/core';
import { RedisDedupeStore } from './redis-dedupe-store.ts';

/** Opens the dedupe store that servers with the same Redis share. Reads the variables of the Redis backend. */
export const openDedupeStore: OpenDedupeStore = (env, options) => RedisDedupeStore.fromEnv(env, options);
