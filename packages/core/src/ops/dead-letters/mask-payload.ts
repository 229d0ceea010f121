import type { JsonObject, JsonValue } from '../../contract/json.ts';

/** Fields whose values are never text that a person wrote. */
const SHOWN: ReadonlySet<string> = new Set([
  'action_id',
  'api_app_id',
  'app_id',
  'bot_id',
  'channel',
  'channel_id',
  'channel_type',
  'event_id',
  'event_ts',
  'id',
  'subtype',
  'team',
  'team_id',
  'thread_ts',
  'ts',
  'type',
  'user',
  'user_id',
]);

/** Matches ids, timestamps and types. */
const PLAIN = /^[A-Za-z0-9._:-]{1,128}$/;

const MASK = '•••';

/**
 * Replaces every text in a payload that a person may have written. The structure, ids, types and numbers stay
 * unchanged.
 */
export function maskPayload(payload: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, masked(name, value)]));
}

function masked(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return SHOWN.has(name) && PLAIN.test(value) ? value : MASK;
  if (Array.isArray(value)) return value.map((item: JsonValue) => masked('', item));
  if (typeof value === 'object' && value !== null) return maskPayload(value as JsonObject);
  return value;
}
