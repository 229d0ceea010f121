import {
  ConfigurationError,
  PayloadTooLargeError,
  QueueClosedError,
  type QueuePayload,
  SerializationError,
} from '@slack-mcp/core';
import { expect, test, vi } from 'vitest';
import { freshBackend, KEY, publish, range, receive, receiveMany } from './fresh-backend.ts';

test('delivers an equal payload with its metadata', async () => {
  const backend = freshBackend({ groups: ['workers'] });
  const payload = {
    text: 'é \u2028 \ud83d\ude00 \ud800',
    nested: { list: [1, null, true, {}] },
    ['__proto__']: { a: 1 },
  };
  const before = Date.now();
  await backend.publish(KEY, payload, { messageId: 'Ev1', orderingKey: 'C1', headers: { 'x-retry': '1' } });
  const { payload: received, metadata } = await receive(backend.consume({ group: 'workers' }));
  expect(JSON.stringify(received)).toBe(JSON.stringify(payload));
  expect(Object.hasOwn(received, '__proto__')).toBe(true);
  expect(metadata).toEqual({
    messageId: 'Ev1',
    timestamp: expect.any(Number),
    retryCount: 0,
    deliveryCount: 1,
    key: KEY,
    group: 'workers',
    orderingKey: 'C1',
    headers: { 'x-retry': '1' },
  });
  expect(metadata.timestamp - before).toBeGreaterThanOrEqual(0);
  expect(metadata.timestamp - before).toBeLessThan(60_000);
});

test('changes of a payload by a publisher or consumer are not visible to others', async () => {
  const backend = freshBackend({ groups: ['one', 'two'] });
  const independent = backend.consume();
  const payload: QueuePayload = { list: [1] };
  await backend.publish(KEY, payload);
  (payload['list'] as number[]).push(2);
  const one = backend.consume({ group: 'one' });
  const message = await receive(one);
  (message.payload['list'] as number[]).push(3);
  await message.nack();
  for (const subscription of [one, backend.consume({ group: 'two' }), independent]) {
    expect((await receive(subscription)).payload).toEqual({ list: [1] });
  }
});

test('rejects malformed messages and stays usable', async () => {
  const backend = freshBackend({ groups: ['workers'], maxPayloadBytes: 100 });
  await expect(backend.publish('no key', {})).rejects.toBeInstanceOf(ConfigurationError);
  await expect(backend.publish(KEY, { a: 1n as never })).rejects.toBeInstanceOf(SerializationError);
  await expect(backend.publish(KEY, {}, { headers: { 'slack-mcp-x': '' } })).rejects.toBeInstanceOf(SerializationError);
  await expect(backend.publish(KEY, { a: 'x'.repeat(100) })).rejects.toBeInstanceOf(PayloadTooLargeError);
  await expect(backend.publish(KEY, {}, { signal: AbortSignal.abort() })).rejects.toThrow();
  await publish(backend, [1]);
  expect((await receive(backend.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
});

test('stores a message id once per key', async () => {
  const backend = freshBackend({ groups: ['workers'] });
  for (const n of [1, 2]) await backend.publish(KEY, { n }, { messageId: 'Ev1' });
  await backend.publish('other', { n: 3 }, { messageId: 'Ev1' });
  await backend.publish(KEY, { n: 4 });
  const messages = await receiveMany(backend.consume({ group: 'workers', keys: [KEY, 'other'] }), 3);
  expect(messages.map(({ payload }) => payload['n']).sort()).toEqual([1, 3, 4]);
});

test('does not remember generated ids', async () => {
  const backend = freshBackend();
  const all = backend.consume();
  await publish(backend, [1]);
  const { messageId } = (await receive(all)).metadata;
  await backend.publish(KEY, { n: 2 }, { messageId });
  expect((await receive(all)).payload).toEqual({ n: 2 });
});

test('forgets a message id after the window, not earlier', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const backend = freshBackend();
    const all = backend.consume();
    await backend.publish(KEY, { n: 1 }, { messageId: 'Ev1' });
    vi.advanceTimersByTime(14.9 * 60_000);
    await backend.publish(KEY, { n: 2 }, { messageId: 'Ev1' });
    vi.advanceTimersByTime(30 * 60_000);
    await backend.publish(KEY, { n: 3 }, { messageId: 'Ev1' });
    expect((await receiveMany(all, 2)).map(({ payload }) => payload['n'])).toEqual([1, 3]);
  } finally {
    vi.useRealTimers();
  }
});

test('message ids are unique unless given', async () => {
  const backend = freshBackend();
  const all = backend.consume({ prefetch: 1_000 });
  await publish(backend, range(1_000));
  const ids = (await receiveMany(all, 1_000)).map(({ metadata }) => metadata.messageId);
  expect(new Set(ids).size).toBe(1_000);
});

test('lets timers run during a loop of publishes', async () => {
  const backend = freshBackend();
  let stopped = false;
  setTimeout(() => {
    stopped = true;
  }, 1);
  let count = 0;
  while (!stopped && count < 1_000_000) {
    await publish(backend, [count]);
    count += 1;
  }
  expect(count).toBeLessThan(1_000_000);
});

test('logs each publish at debug level without its payload', async () => {
  const entries: unknown[] = [];
  const discard = () => {};
  const debug = (...entry: unknown[]) => entries.push(entry);
  const backend = freshBackend({ logger: { debug, info: discard, warn: discard, error: discard } });
  await backend.publish(KEY, { secret: 1 }, { messageId: 'Ev1' });
  expect(entries).toEqual([[{ key: KEY, messageId: 'Ev1' }, 'queue_message_published']]);
});

test('rejects all calls after close()', async () => {
  const backend = freshBackend();
  const deadLetters = backend.deadLetters({ group: 'workers' });
  await publish(backend, [1]);
  await backend.close();
  await backend.close();
  await expect(backend.publish(KEY, {})).rejects.toBeInstanceOf(QueueClosedError);
  expect(() => backend.consume()).toThrow(QueueClosedError);
  await expect(deadLetters.list()).rejects.toBeInstanceOf(QueueClosedError);
  await expect(deadLetters.redrive('all')).rejects.toBeInstanceOf(QueueClosedError);
  expect((await backend.health()).status).toBe('down');
});
