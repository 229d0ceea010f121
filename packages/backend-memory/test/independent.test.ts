import { QueueFullError, UnsupportedError } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { drain, freshBackend, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

test('an independent consumer receives messages published after ready, and no earlier ones', async () => {
  const backend = freshBackend();
  await publish(backend, [0]);
  const consumers = range(3).map(() => backend.consume());
  await Promise.all(consumers.map(({ ready }) => ready));
  await publish(backend, [1, 2]);
  for (const consumer of consumers) expect(numbersOf(await receiveMany(consumer, 2))).toEqual([1, 2]);
});

test('groups and independent consumers do not affect each other', async () => {
  const backend = freshBackend({ groups: ['workers'] });
  const all = backend.consume();
  await publish(backend, range(10));
  expect(await drain(backend.consume({ group: 'workers' }), 10)).toEqual(range(10));
  const messages = await receiveMany(all, 10);
  expect(numbersOf(messages)).toEqual(range(10));
  expect(messages.every(({ metadata }) => !('group' in metadata))).toBe(true);
});

test('delivers a nacked message again only to the same consumer', async () => {
  const backend = freshBackend();
  const [one, two] = [backend.consume({ ack: 'manual' }), backend.consume({ ack: 'manual' })];
  await publish(backend, [1]);
  await (await receive(one)).nack();
  const again = await receive(one);
  expect([again.payload, again.metadata.retryCount]).toEqual([{ n: 1 }, 1]);
  await (await receive(two)).ack();
  await publish(backend, [2]);
  expect((await receive(two)).payload).toEqual({ n: 2 });
});

test('rejects deadLetter()', async () => {
  const backend = freshBackend();
  const all = backend.consume();
  await publish(backend, [1]);
  await expect((await receive(all)).deadLetter({ code: 'X' })).rejects.toBeInstanceOf(UnsupportedError);
});

test('leaves nothing behind', async () => {
  const backend = freshBackend({ maxLength: 10 });
  const all = backend.consume({ ack: 'manual' });
  await publish(backend, range(5_000));
  await receiveMany(all, 3);
  expect((await backend.health()).detail).toMatchObject({ independentConsumers: 1, retained: 5_000 - 64 });
  await all.return();
  expect((await backend.health()).detail).toMatchObject({ independentConsumers: 0, retained: 10, groups: 0 });
  await publish(backend, [1]);
});

test('rejects publishes instead of dropping messages of a consumer that does not read', async () => {
  const backend = freshBackend({ maxBacklog: 100, maxLength: 10 });
  const slow = backend.consume({ prefetch: 5 });
  await publish(backend, range(100));
  await expect(publish(backend, [100])).rejects.toBeInstanceOf(QueueFullError);
  expect(numbersOf(await receiveMany(slow, 50))).toEqual(range(50));
  await publish(backend, range(40, 100));
  expect(numbersOf(await receiveMany(slow, 90))).toEqual(range(90, 50));
  await slow.close({ drainTimeoutMs: 0 });
  await publish(backend, range(1_000));
});
