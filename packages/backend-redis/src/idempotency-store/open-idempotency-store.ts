import type { OpenIdempotencyStore } from '@slack-mcp/core';
import { RedisIdempotencyStore } from './redis-idempotency-store.ts';

/**
 * Opens the store for idempotency keys that all servers with the same Redis share. Reads the environment variables of
 * the Redis backend.
 */
export const openIdempotencyStore: OpenIdempotencyStore = (env, options) => RedisIdempotencyStore.fromEnv(env, options);
