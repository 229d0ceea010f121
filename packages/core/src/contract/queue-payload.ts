import type { JsonObject } from './json.ts';

/** The payload of a message: an object that JSON can represent. */
export type QueuePayload = JsonObject;
