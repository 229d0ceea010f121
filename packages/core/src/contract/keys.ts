import { type Env, type EnvReader, readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import { quote } from '../text/quote.ts';
import type { QueueKey } from './backend.ts';
import { ConfigurationError } from './errors.ts';

/** The key that events are published to by default. */
export const DEFAULT_KEY = 'slack_events';

/**
 * Checks that a value is a valid key.
 *
 * @throws ConfigurationError - the key does not match `[A-Za-z0-9._-]{1,200}`
 */
export function assertKey(key: unknown): asserts key is QueueKey {
  if (!isName(key))
    throw new ConfigurationError(`${quote(key)} is not a valid key: ${CHARACTERS} (for example ${DEFAULT_KEY})`);
}

/**
 * Checks that a value is a valid group name.
 *
 * @throws ConfigurationError - the group name does not match `[A-Za-z0-9._-]{1,200}`
 */
export function assertGroup(group: unknown): asserts group is string {
  if (!isName(group))
    throw new ConfigurationError(`${quote(group)} is not a valid group: ${CHARACTERS} (for example orders)`);
}

const CHARACTERS = 'use 1 to 200 characters from A-Z a-z 0-9 . _ -';
const NO_KEY = `is not a valid key: ${CHARACTERS}`;
const NO_GROUP = `is not a valid group: ${CHARACTERS}`;

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._-]{1,200}$/.test(value);
}

/** The keys and groups of Slack events. */
export interface KeySettings {
  /** The keys that consumers read by default: the keys in `QUEUE_KEYS`, or the topic if this variable is not set. */
  readonly keys: readonly QueueKey[];
  /** `SLACK_EVENTS_TOPIC`, default `slack_events`. */
  readonly topic: QueueKey;
  /** The value of `SLACK_EVENTS_ROUTING`, which is `topic` (default), or `type` for one key per event type. */
  readonly routing: 'topic' | 'type';
  /**
   * Groups from `QUEUE_GROUPS`, which receive every message from the first publish on, even before they have a
   * consumer.
   */
  readonly groups: readonly string[];
}

/**
 * Reads `QUEUE_KEYS`, `QUEUE_GROUPS`, `SLACK_EVENTS_TOPIC` and `SLACK_EVENTS_ROUTING`. Publishers and consumers read
 * the same settings.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it
 */
export function readKeySettings(source: Env): KeySettings {
  const env = readEnv(QUEUE_ENV, source);
  const topic = env.string('SLACK_EVENTS_TOPIC', { default: DEFAULT_KEY });
  const routing = env.oneOf('SLACK_EVENTS_ROUTING', ['topic', 'type'], { default: 'topic' });
  const listed = env.list('QUEUE_KEYS');
  const groups = env.list('QUEUE_GROUPS');
  requireNames(env, 'SLACK_EVENTS_TOPIC', [topic], NO_KEY);
  requireNames(env, 'QUEUE_KEYS', listed, NO_KEY);
  requireNames(env, 'QUEUE_GROUPS', groups, NO_GROUP);
  return { keys: listed.length > 0 ? listed : [topic], topic, routing, groups };
}

/**
 * Returns the key for an event type, for example `app_mention`. With `type` routing, returns `slack.events.<kind>` if
 * {@link KeySettings.keys} contains that key, otherwise the topic, so that no event goes to a key without a consumer.
 */
export function routeKey(settings: KeySettings, kind: string): QueueKey {
  if (settings.routing === 'topic') return settings.topic;
  const key = `slack.events.${kind}`;
  return settings.keys.includes(key) ? key : settings.topic;
}

function requireNames(env: EnvReader, variable: string, names: readonly string[], problem: string): void {
  const wrong = names.find((name) => !isName(name));
  if (wrong !== undefined) throw env.error(variable, `contains ${quote(wrong)}, which ${problem}`);
}
