import { expect, test } from 'vitest';
import { assertGroup, assertKey, ConfigurationError, readKeySettings, routeKey } from '../src/index.ts';

test.each(['slack_events', 'a', 'slack.events.app_mention', 'A-b_c.9', 'x'.repeat(200), '..', '__proto__'])(
  'accepts %s as a key and a group',
  (name) => {
    expect(() => assertKey(name)).not.toThrow();
    expect(() => assertGroup(name)).not.toThrow();
  },
);

test.each([
  ['nothing', ''],
  ['201 characters', 'x'.repeat(201)],
  ['a space', 'a b'],
  ['a trailing line break', 'a\n'],
  ['a slash', '../a'],
  ['a pattern', 'slack.*'],
  ['an umlaut', 'ä'],
  ['a number', 1],
  ['undefined', undefined],
  ['null', null],
  ['an object', {}],
])('rejects %s as a key and a group', (_, name) => {
  expect(() => assertKey(name)).toThrow(ConfigurationError);
  expect(() => assertGroup(name)).toThrow(ConfigurationError);
});

test('shows only the start of a long name', () => {
  expect(() => assertKey(`${'x'.repeat(5000)} `)).toThrow(`"${'x'.repeat(60)}…" is not a valid key`);
});

test('uses one key by default', () => {
  expect(readKeySettings({})).toEqual({
    keys: ['slack_events'],
    topic: 'slack_events',
    routing: 'topic',
    groups: [],
  });
});

test('QUEUE_KEYS overrides SLACK_EVENTS_TOPIC for consumers', () => {
  expect(readKeySettings({ SLACK_EVENTS_TOPIC: 'events' }).keys).toEqual(['events']);
  expect(
    readKeySettings({
      SLACK_EVENTS_TOPIC: 'events',
      QUEUE_KEYS: ' events, other,events,',
      QUEUE_GROUPS: 'orders',
      SLACK_EVENTS_ROUTING: 'TYPE',
    }),
  ).toEqual({ keys: ['events', 'other'], topic: 'events', routing: 'type', groups: ['orders'] });
});

test.each([
  ['QUEUE_KEYS', 'a,b c', '"b c"'],
  ['QUEUE_GROUPS', 'a/b', '"a/b"'],
  ['SLACK_EVENTS_TOPIC', 'ä', '"ä"'],
  ['SLACK_EVENTS_ROUTING', 'both', 'topic, type'],
])('rejects %s=%s and names the variable', (name, value, shown) => {
  expect(() => readKeySettings({ [name]: value })).toThrow(ConfigurationError);
  expect(() => readKeySettings({ [name]: value })).toThrow(new RegExp(`^${name} .*${shown}.*\\(for example ${name}=`));
});

test('routes an event to the key of its type only if QUEUE_KEYS contains it', () => {
  const env = { QUEUE_KEYS: 'slack_events,slack.events.app_mention' };
  const byTopic = readKeySettings(env);
  expect(routeKey(byTopic, 'app_mention')).toBe('slack_events');
  const byType = readKeySettings({ ...env, SLACK_EVENTS_ROUTING: 'type' });
  expect(routeKey(byType, 'app_mention')).toBe('slack.events.app_mention');
  expect(routeKey(byType, 'message')).toBe('slack_events');
  expect(routeKey(byType, 'not a kind')).toBe('slack_events');
});
