import type { JsonObject, JsonValue } from '@slack-mcp/core';

/** Whether a value of an answer of Slack is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of an array; none where there is no array. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A string; the empty one where there is none. */
export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
