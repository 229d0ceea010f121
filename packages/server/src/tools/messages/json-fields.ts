import type { JsonObject, JsonValue } from '@slack-mcp/core';

/** Whether a value in a Slack answer is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the objects in an array, or an empty list if the value is not an array. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns the value if it is a string, otherwise an empty string. */
export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the cursor of the next page of a Slack answer, or an empty string if the page is the last one. */
export function nextCursorOf({ response_metadata: metadata }: JsonObject): string {
  return isObject(metadata) ? stringOf(metadata['next_cursor']) : '';
}
