import { QueueFullError } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { countKept, drain, freshBackend, KEY, publish, range, receiveMany } from './fresh-backend.ts';

const group = 'workers';

test('limits the history that no group needs, oldest first, and counts it', async () => {
  const backend = freshBackend({ maxLength: 100 });
  await publish(backend, range(2_500));
  expect((await backend.health()).detail).toMatchObject({ retained: 100, trimmed: 2_400 });
  expect(await drain(backend.consume({ group }), 100)).toEqual(range(100, 2_400));
});

test('keeps no history with a maxLength of 0', async () => {
  const backend = freshBackend({ maxLength: 0 });
  await publish(backend, range(10));
  const subscription = backend.consume({ group });
  await publish(backend, [10]);
  expect(await drain(subscription, 1)).toEqual([10]);
});

test('keeps undelivered messages of a group beyond maxLength', async () => {
  const backend = freshBackend({ maxLength: 10, groups: [group] });
  await publish(backend, range(5_000));
  expect(await drain(backend.consume({ group }), 5_000)).toEqual(range(5_000));
  expect((await backend.health()).detail).toMatchObject({ retained: 10, trimmed: 4_990 });
});

test('frees memory when history is dropped and when a backlog is read', async () => {
  const backend = freshBackend({ maxLength: 10 });
  await publish(backend, range(20_000), 'history');
  expect((await backend.health()).detail['stored']).toBeLessThan(2_100);
  const owing = freshBackend({ maxLength: 10, groups: [group] });
  await publish(owing, range(20_000));
  await drain(owing.consume({ group }), 20_000);
  expect((await owing.health()).detail['stored']).toBeLessThan(2_100);
});

test('keeps messages that a member had buffered when it left', async () => {
  const backend = freshBackend({ groups: [group], maxBacklog: 4 });
  await publish(backend, range(4));
  await backend.consume({ group }).return();
  expect(await countKept(backend, group)).toBe(4);
  await expect(publish(backend, [4])).rejects.toBeInstanceOf(QueueFullError);
});

test('a full queue rejects publishes, keeps all messages, and accepts more when the group has caught up', async () => {
  const backend = freshBackend({ groups: [group], maxBacklog: 100 });
  await publish(backend, range(100));
  const refused = publish(backend, [100]);
  await expect(refused).rejects.toBeInstanceOf(QueueFullError);
  await expect(refused).rejects.toMatchObject({ retryable: true, message: expect.stringContaining(group) });
  expect((await backend.health()).status).toBe('degraded');
  await publish(backend, [0], 'another-key');
  expect(await drain(backend.consume({ group }), 100)).toEqual(range(100));
  expect((await backend.health()).status).toBe('up');
  await publish(backend, [101]);
  expect(await drain(backend.consume({ group }), 1)).toEqual([101]);
});

test('a rejected publish can be repeated with its id', async () => {
  const backend = freshBackend({ groups: [group], maxBacklog: 1 });
  await publish(backend, [1]);
  await expect(backend.publish(KEY, { n: 2 }, { messageId: 'Ev2' })).rejects.toBeInstanceOf(QueueFullError);
  await drain(backend.consume({ group }), 1);
  await backend.publish(KEY, { n: 2 }, { messageId: 'Ev2' });
  expect(await drain(backend.consume({ group }), 1)).toEqual([2]);
});

test('counts messages in flight, delayed and parked messages in the backlog', async () => {
  const backend = freshBackend({ groups: [group], maxBacklog: 4 });
  await publish(backend, range(4));
  const [parked, delayed, inHand] = await receiveMany(backend.consume({ group, ack: 'manual' }), 4);
  await parked?.deadLetter({});
  await delayed?.nack({ delayMs: 60_000 });
  expect(await countKept(backend, group)).toBe(4);
  await expect(publish(backend, [4])).rejects.toBeInstanceOf(QueueFullError);
  await inHand?.ack();
  await publish(backend, [4]);
  await expect(publish(backend, [5])).rejects.toBeInstanceOf(QueueFullError);
  await backend.deadLetters({ group }).purge('all');
  await publish(backend, [5]);
});

test('health() lists a limited number of pairs and changes nothing', async () => {
  const backend = freshBackend();
  for (const n of range(200)) await publish(backend, [n], `key-${n}`);
  for (const n of range(200)) await backend.consume({ group, keys: `key-${n}` }).return();
  const { detail, status, latencyMs, groups } = await backend.health();
  expect(groups).toHaveLength(50);
  expect(groups?.[0]).toEqual({ key: 'key-0', group, lag: 1, oldestAgeMs: expect.any(Number), deadLetters: 0 });
  expect(detail).toMatchObject({ keys: 200, groups: 200, retained: 200 });
  expect(Object.keys(detail).length).toBeLessThan(300);
  expect([status, latencyMs]).toEqual(['up', 0]);
  // Their ages grow.
  const listed = groups?.map((one) => ({ ...one, oldestAgeMs: expect.any(Number) }));
  expect(await backend.health()).toEqual({ detail, status, latencyMs, backlog: 200, groups: listed });
});

test('health() of an unused backend creates nothing', async () => {
  expect((await freshBackend().health()).detail).toMatchObject({ instances: 0, keys: 0 });
});
