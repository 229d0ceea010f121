import type { OpenDedupeStore } from '@slack-mcp/core';
import { RedisDedupeStore } from './redis-dedupe-store.ts';

/**
 * Opens the dedupe store that all servers with the same Redis share. Reads the environment variables of the Redis
 * backend.
 */
export const openDedupeStore: OpenDedupeStore = (env, options) => RedisDedupeStore.fromEnv(env, options);
