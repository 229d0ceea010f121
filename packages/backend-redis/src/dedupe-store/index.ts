export type { RedisDedupeStoreOptions } from './dedupe-store-options.ts';
export { openDedupeStore } from './open-dedupe-store.ts';
export { RedisDedupeStore } from './redis-dedupe-store.ts';
