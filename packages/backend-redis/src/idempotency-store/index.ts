export type { RedisIdempotencyStoreOptions } from './idempotency-store-options.ts';
export { openIdempotencyStore } from './open-idempotency-store.ts';
export { RedisIdempotencyStore } from './redis-idempotency-store.ts';
