import type { JsonObject } from './json.ts';

/** What travels through a queue. Must be JSON-serializable. */
export type QueuePayload = JsonObject;
