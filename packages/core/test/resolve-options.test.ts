import { expect, test } from 'vitest';
import { resolveConsumeOptions, resolvePublish } from '../src/backend.ts';
import {
  ConfigurationError,
  type ConsumeOptions,
  PayloadTooLargeError,
  type PublishOptions,
  SerializationError,
  UnsupportedError,
} from '../src/index.ts';

const defaults = { keys: ['events'], capabilities: { patterns: false, retainsWithoutGroup: true } };
const publishing = { maxPayloadBytes: 100 };

test('applies the defaults of consume', () => {
  expect(resolveConsumeOptions(undefined, defaults)).toEqual({
    keys: ['events'],
    ack: 'on-next',
    prefetch: 64,
    from: 'earliest',
  });
});

test('keeps the options of consume and removes duplicate keys', () => {
  const { signal } = new AbortController();
  const options = {
    group: 'g',
    keys: ['a', 'b', 'a'],
    ack: 'manual',
    prefetch: 10_000,
    from: 'latest',
    signal,
  } as const;
  expect(resolveConsumeOptions(options, defaults)).toEqual({ ...options, keys: ['a', 'b'] });
  expect(resolveConsumeOptions({ keys: 'a' }, defaults).keys).toEqual(['a']);
});

test.each<[string, object]>([
  ['group', { group: '' }],
  ['group', { group: 7 }],
  ['key', { keys: '' }],
  ['key', { keys: ['a', 'b c'] }],
  ['key', { keys: [7] }],
  ['keys', { keys: [] }],
  ['prefetch', { prefetch: 0 }],
  ['prefetch', { prefetch: 1.5 }],
  ['prefetch', { prefetch: 10_001 }],
  ['prefetch', { prefetch: '64' }],
  ['ack', { ack: 'auto' }],
  ['from', { from: 'yesterday' }],
  ['from', { from: 1_700_000_000 }],
  ['from', { from: new Date('yesterday') }],
  ['signal', { signal: new AbortController() }],
])('consume rejects a malformed %s: %j', (name, options) => {
  const resolve = () => resolveConsumeOptions(options as ConsumeOptions, defaults);
  expect(resolve).toThrow(ConfigurationError);
  expect(resolve).toThrow(name);
});

test('accepts well-formed patterns only if the backend supports them', () => {
  expect(() => resolveConsumeOptions({ keys: 'slack.#' }, defaults)).toThrow(UnsupportedError);
  const withPatterns = { ...defaults, capabilities: { patterns: true, retainsWithoutGroup: true } };
  const keys = ['slack.*', '#', 'a.#.b', 'exact'];
  expect(resolveConsumeOptions({ keys }, withPatterns).keys).toEqual(keys);
  for (const pattern of ['sla*', 'a.b#', '# ', `${'a.'.repeat(100)}#`]) {
    expect(() => resolveConsumeOptions({ keys: pattern }, withPatterns)).toThrow(ConfigurationError);
  }
});

test('rejects an explicit from: earliest if the backend retains nothing', () => {
  const forgetful = { ...defaults, capabilities: { patterns: false, retainsWithoutGroup: false } };
  expect(() => resolveConsumeOptions({ group: 'g', from: 'earliest' }, forgetful)).toThrow(UnsupportedError);
  expect(resolveConsumeOptions({ group: 'g' }, forgetful).from).toBe('earliest');
});

test('accepts a time only if the backend supports it', () => {
  const from = new Date(1_700_000_000_000);
  expect(() => resolveConsumeOptions({ group: 'g', from }, defaults)).toThrow(UnsupportedError);
  const timed = { ...defaults, capabilities: { ...defaults.capabilities, startTime: true } };
  expect(resolveConsumeOptions({ group: 'g', from }, timed)).toMatchObject({ fromTime: 1_700_000_000_000 });
  expect(resolveConsumeOptions({ from: new Date(-1) }, timed)).toMatchObject({ fromTime: 0 });
  expect(resolveConsumeOptions({ from: 'latest' }, timed).fromTime).toBeUndefined();
});

test('encodes a message and adds id, timestamp and timeout', () => {
  const before = Date.now();
  const { timestamp, messageId, ...rest } = resolvePublish('events', { a: 1 }, undefined, publishing);
  expect(timestamp).toBeGreaterThanOrEqual(before);
  expect(messageId).toMatch(/^[0-9a-f-]{36}$/);
  expect(rest).toEqual({
    key: 'events',
    text: '{"a":1}',
    identified: false,
    headers: {},
    orderingKey: undefined,
    signal: undefined,
    timeoutMs: 30_000,
  });
});

test('keeps the options of publish', () => {
  const { signal } = new AbortController();
  const options = { messageId: 'Ev1', headers: { a: 'b' }, orderingKey: 'C1', signal, timeoutMs: 5 };
  expect(resolvePublish('events', {}, options, { ...publishing, timeoutMs: 7 })).toMatchObject({
    ...options,
    identified: true,
  });
  expect(resolvePublish('events', {}, {}, { ...publishing, timeoutMs: 7 }).timeoutMs).toBe(7);
});

test.each<[string, object]>([
  ['messageId', { messageId: '' }],
  ['messageId', { messageId: 'é'.repeat(128) }],
  ['messageId', { messageId: '\ud800' }],
  ['messageId', { messageId: 7 }],
  ['orderingKey', { orderingKey: '' }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeoutMs', { timeoutMs: Number.NaN }],
  ['timeoutMs', { timeoutMs: Number.POSITIVE_INFINITY }],
])('publish rejects a malformed %s: %j', (name, options) => {
  const resolve = () => resolvePublish('events', {}, options as PublishOptions, publishing);
  expect(resolve).toThrow(ConfigurationError);
  expect(resolve).toThrow(name);
});

test('rejects messages that cannot be sent', () => {
  expect(() => resolvePublish('no key', {}, {}, publishing)).toThrow(ConfigurationError);
  expect(() => resolvePublish('events', { a: Number.NaN }, {}, publishing)).toThrow(SerializationError);
  expect(() => resolvePublish('events', {}, { headers: { a: 7 as never } }, publishing)).toThrow(SerializationError);
  expect(() => resolvePublish('events', { a: 'x'.repeat(100) }, {}, publishing)).toThrow(PayloadTooLargeError);
  const reason = new Error('given up');
  expect(() => resolvePublish('events', {}, { signal: AbortSignal.abort(reason) }, publishing)).toThrow(reason);
});
