import { ConfigurationError, type DeadLetters } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import type { MemoryBackend } from '../src/index.ts';
import { countKept, freshBackend, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

const group = 'workers';

/** Parks the next `count` messages. */
async function park(backend: MemoryBackend, count: number, name: string = group, keys: string | string[] = KEY) {
  const subscription = backend.consume({ group: name, keys, ack: 'manual' });
  for (const message of await receiveMany(subscription, count)) {
    await message.deadLetter({ code: 'MAX_RETRIES', error: new TypeError('bad') });
  }
  await subscription.close();
}

async function ids(deadLetters: DeadLetters): Promise<string[]> {
  return (await deadLetters.list()).items.map(({ id }) => id);
}

test('stores a parked message with its payload, origin and reason', async () => {
  const backend = freshBackend({ groups: [group] });
  await backend.publish(KEY, { n: 1 }, { messageId: 'Ev1', headers: { a: 'b' }, orderingKey: 'C1' });
  const subscription = backend.consume({ group, ack: 'manual' });
  await (await receive(subscription)).nack();
  const message = await receive(subscription);
  const before = Date.now();
  await message.deadLetter({ code: 'MAX_RETRIES', error: new TypeError('bad') });
  const { items, cursor } = await backend.deadLetters({ group }).list();
  expect(cursor).toBeUndefined();
  expect(items).toEqual([
    {
      id: expect.any(String),
      messageId: 'Ev1',
      key: KEY,
      group,
      payload: { n: 1 },
      headers: { a: 'b' },
      orderingKey: 'C1',
      timestamp: message.metadata.timestamp,
      deadLetteredAt: expect.any(Number),
      retryCount: 1,
      reason: { code: 'MAX_RETRIES', name: 'TypeError', message: 'bad' },
    },
  ]);
  expect(items[0]?.deadLetteredAt).toBeGreaterThanOrEqual(before);
});

test('parking does not affect other groups', async () => {
  const backend = freshBackend({ groups: [group, 'others'] });
  await publish(backend, [1]);
  await park(backend, 1);
  expect((await backend.deadLetters({ group: 'others' }).list()).items).toEqual([]);
  expect((await receive(backend.consume({ group: 'others' }))).payload).toEqual({ n: 1 });
});

test('delivers a redriven message only to its group, with its id and a retryCount of 0', async () => {
  const backend = freshBackend({ groups: [group, 'others'] });
  await backend.publish(KEY, { n: 1 }, { messageId: 'Ev1' });
  await park(backend, 1);
  const others = backend.consume({ group: 'others' });
  await receive(others);
  const deadLetters = backend.deadLetters({ group });
  expect(await deadLetters.redrive(await ids(deadLetters))).toBe(1);
  const { payload, metadata } = await receive(backend.consume({ group }));
  expect([payload, metadata]).toMatchObject([{ n: 1 }, { messageId: 'Ev1', retryCount: 0, group }]);
  expect((await deadLetters.list()).items).toEqual([]);
  expect(await countKept(backend, 'others')).toBe(1);
  await publish(backend, [2]);
  expect((await receive(others)).payload).toEqual({ n: 2 });
});

test('ignores duplicate keys', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  await park(backend, 1);
  expect((await backend.deadLetters({ group, keys: [KEY, KEY] }).list()).items).toHaveLength(1);
});

test('redrive() delivers to a waiting consumer', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  await park(backend, 1);
  const waiting = receive(backend.consume({ group }));
  await backend.deadLetters({ group }).redrive('all');
  expect((await waiting).payload).toEqual({ n: 1 });
});

test('lists dead letters in pages, oldest first, across all keys', async () => {
  const backend = freshBackend({ groups: [group], keys: ['a', 'b'] });
  for (const n of range(25)) await publish(backend, [n], n % 2 === 0 ? 'a' : 'b');
  await park(backend, 25, group, ['a', 'b']);
  const deadLetters = backend.deadLetters({ group });
  const pages: number[] = [];
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await deadLetters.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.items.length);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(pages).toEqual([10, 10, 5]);
  expect(new Set(found).size).toBe(25);
  expect(found).toEqual(found.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
  expect((await backend.deadLetters({ group, keys: ['b'] }).list()).items).toHaveLength(12);
});

test('a cursor stays valid after its dead letter is removed', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(6));
  await park(backend, 6);
  const deadLetters = backend.deadLetters({ group });
  const first = await deadLetters.list({ limit: 2 });
  expect(first.cursor).toBeDefined();
  expect(await deadLetters.purge(first.items.map(({ id }) => id))).toBe(2);
  const second = await deadLetters.list({ limit: 10, cursor: first.cursor as string });
  expect(second.items.map(({ payload }) => payload?.['n'])).toEqual([2, 3, 4, 5]);
});

test('purge() deletes once and ignores ids that are not parked', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(4));
  await park(backend, 4);
  const deadLetters = backend.deadLetters({ group });
  const [first, second] = (await ids(deadLetters)) as [string, string];
  expect(await deadLetters.purge([first, first, 'no', '-1', '1e3', `999:${KEY}`, `1e3:${KEY}`, '__proto__'])).toBe(1);
  expect(await backend.deadLetters({ group: 'others' }).purge([second])).toBe(0);
  expect(await deadLetters.redrive([second])).toBe(1);
  expect(await deadLetters.purge('all')).toBe(2);
  expect(await deadLetters.redrive('all')).toBe(0);
  expect(numbersOf([await receive(backend.consume({ group }))])).toEqual([1]);
});

test('lists no dead letters for an unknown group and does not create it', async () => {
  const backend = freshBackend();
  await publish(backend, [1]);
  expect(await backend.deadLetters({ group: 'nobody' }).list()).toEqual({ items: [] });
  expect((await backend.health()).detail['groups']).toBe(0);
});

test('rejects malformed arguments', async () => {
  const backend = freshBackend();
  expect(() => backend.deadLetters({ group: 'a b' })).toThrow(ConfigurationError);
  expect(() => backend.deadLetters({ group, keys: ['#'] })).toThrow(ConfigurationError);
  const deadLetters = backend.deadLetters({ group });
  for (const limit of [0, 1.5, 1_001]) await expect(deadLetters.list({ limit })).rejects.toThrow('limit');
  await expect(deadLetters.list({ cursor: 'x' })).rejects.toThrow('cursor');
});
