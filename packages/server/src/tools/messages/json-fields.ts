import type { JsonObject, JsonValue } from '@slack-mcp/core';

/** Whether a value in a Slack answer is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the objects in an array. Returns an empty list if the value is not an array. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The string, or an empty string for other values. */
export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
