import type { QueueKey } from './backend.ts';
import { ConfigurationError } from './errors.ts';

/** The key that events go to when nothing else is configured. */
export const DEFAULT_KEY = 'slack_events';

const NAME = /^[A-Za-z0-9._-]{1,200}$/;

/**
 * @throws ConfigurationError - not a key: `[A-Za-z0-9._-]{1,200}`
 */
export function assertKey(key: unknown): asserts key is QueueKey {
  if (typeof key !== 'string' || !NAME.test(key)) {
    throw new ConfigurationError(
      `${quote(key)} is not a key: 1 to 200 of A-Z a-z 0-9 . _ - (for example ${DEFAULT_KEY})`,
    );
  }
}

/**
 * @throws ConfigurationError - not a group: `[A-Za-z0-9._-]{1,200}`
 */
export function assertGroup(group: unknown): asserts group is string {
  if (typeof group !== 'string' || !NAME.test(group)) {
    throw new ConfigurationError(`${quote(group)} is not a group: 1 to 200 of A-Z a-z 0-9 . _ - (for example orders)`);
  }
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? 'undefined' : `a ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
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
export function readKeySettings(env: Readonly<Record<string, string | undefined>>): KeySettings {
  const topic = env['SLACK_EVENTS_TOPIC']?.trim() || DEFAULT_KEY;
  named('SLACK_EVENTS_TOPIC', () => assertKey(topic));
  const routing = (env['SLACK_EVENTS_ROUTING']?.trim() || 'topic').toLowerCase();
  if (routing !== 'topic' && routing !== 'type') {
    throw new ConfigurationError(
      `SLACK_EVENTS_ROUTING is neither "topic" nor "type" (for example SLACK_EVENTS_ROUTING=type)`,
    );
  }
  const listed = list(env['QUEUE_KEYS']);
  named('QUEUE_KEYS', () => listed.forEach(assertKey));
  const groups = list(env['QUEUE_GROUPS']);
  named('QUEUE_GROUPS', () => groups.forEach(assertGroup));
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

function list(value: string | undefined): string[] {
  return [
    ...new Set(
      (value ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    ),
  ];
}

function named(variable: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new ConfigurationError(`${variable}: ${(error as Error).message}`);
  }
}
