import { type Env, type EnvReader, readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import { quote } from '../text/quote.ts';
import type { QueueKey } from './backend.ts';
import { ConfigurationError } from './errors.ts';

/** The key that events go to when nothing else is configured. */
export const DEFAULT_KEY = 'slack_events';

/**
 * Checks the name of a key.
 *
 * @throws ConfigurationError - not a key: `[A-Za-z0-9._-]{1,200}`
 */
export function assertKey(key: unknown): asserts key is QueueKey {
  if (!isName(key)) throw new ConfigurationError(`${quote(key)} ${NO_KEY} (for example ${DEFAULT_KEY})`);
}

/**
 * Checks the name of a group.
 *
 * @throws ConfigurationError - not a group: `[A-Za-z0-9._-]{1,200}`
 */
export function assertGroup(group: unknown): asserts group is string {
  if (!isName(group)) throw new ConfigurationError(`${quote(group)} ${NO_GROUP} (for example orders)`);
}

const NO_KEY = 'is not a key: 1 to 200 of A-Z a-z 0-9 . _ -';
const NO_GROUP = 'is not a group: 1 to 200 of A-Z a-z 0-9 . _ -';

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._-]{1,200}$/.test(value);
}

/** How Slack's events are spread over keys. */
export interface KeySettings {
  /** What consumers read unless told otherwise: `QUEUE_KEYS`, else the topic. */
  readonly keys: readonly QueueKey[];
  /** `SLACK_EVENTS_TOPIC`, default `slack_events`. */
  readonly topic: QueueKey;
  /** `SLACK_EVENTS_ROUTING`: `topic` (default) or `type`, one key per kind of event. */
  readonly routing: 'topic' | 'type';
  /** `QUEUE_GROUPS`: groups that are owed messages from the first publish on. */
  readonly groups: readonly string[];
}

/**
 * Reads `QUEUE_KEYS`, `QUEUE_GROUPS`, `SLACK_EVENTS_TOPIC` and `SLACK_EVENTS_ROUTING`, for publishers and consumers alike.
 *
 * @throws ConfigurationError - names the variable
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
 * The key of one kind of event, for example `app_mention`. With `type` routing it is `slack.events.<kind>` where
 * {@link KeySettings.keys} has that key, else the topic: nothing is published where nobody reads.
 */
export function routeKey(settings: KeySettings, kind: string): QueueKey {
  if (settings.routing === 'topic') return settings.topic;
  const key = `slack.events.${kind}`;
  return settings.keys.includes(key) ? key : settings.topic;
}

function requireNames(env: EnvReader, variable: string, names: readonly string[], problem: string): void {
  const wrong = names.find((name) => !isName(name));
  if (wrong !== undefined) throw env.error(variable, `holds ${quote(wrong)}, which ${problem}`);
}
