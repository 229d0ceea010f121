import type { BackendPlugin } from '@slack-mcp/core';
import { REDIS_ENV } from './env.ts';
import { RedisBackend } from './redis-backend.ts';

export type { Address } from '@slack-mcp/core/backend';
export type { RedisBackendOptions } from './options.ts';
export { RedisBackend } from './redis-backend.ts';

const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'redis',
  env: REDIS_ENV,
  Backend: RedisBackend,
  taskQueue: './task-queue',
  dedupeStore: './dedupe-store',
  idempotencyStore: './idempotency-store',
};

export default plugin;
