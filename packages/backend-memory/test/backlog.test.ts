import { randomUUID } from 'node:crypto';
import { type Logger, silentLogger } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { MemoryBackend } from '../src/index.ts';
import { freshBackend, publish, range, receive } from './fresh-backend.ts';

const group = 'workers';

async function backlogOf(backend: MemoryBackend): Promise<number | undefined> {
  return (await backend.health()).backlog;
}

/** A logger that records its warnings. */
function warnings(): Logger & { readonly warned: unknown[][] } {
  const warned: unknown[][] = [];
  return { ...silentLogger, warned, warn: (...entry: unknown[]) => void warned.push(entry) };
}

test('health() counts the unsettled messages of groups, without dead letters', async () => {
  const backend = freshBackend({ groups: [group, 'audit'] });
  expect(await backlogOf(backend)).toBe(0);
  await publish(backend, range(3));
  await publish(backend, range(2), 'other');
  expect(await backlogOf(backend)).toBe(10);

  const consumer = backend.consume({ group, ack: 'manual' });
  const [acked, nacked, parked] = [await receive(consumer), await receive(consumer), await receive(consumer)];
  expect(await backlogOf(backend)).toBe(10);
  await acked.ack();
  await nacked.nack({ delayMs: 60_000 });
  expect(await backlogOf(backend)).toBe(9);
  await parked.deadLetter({ code: 'X' });
  expect(await backlogOf(backend)).toBe(8);
});

test('does not count messages that only an independent consumer has not read', async () => {
  const backend = freshBackend();
  const consumer = backend.consume();
  await consumer.ready;
  await publish(backend, range(3));
  expect(await backlogOf(backend)).toBe(0);
});

test('the last instance to close logs the number of lost messages', async () => {
  const name = randomUUID();
  const logger = warnings();
  const [one, two] = [new MemoryBackend({ name, groups: [group], logger }), new MemoryBackend({ name, logger })];
  const consumer = two.consume({ group, ack: 'manual' });
  await publish(one, range(4));
  await (await receive(consumer)).ack();
  await (await receive(consumer)).deadLetter({ code: 'X' });
  await one.close();
  expect(logger.warned).toEqual([]);
  await Promise.all([two.close({ drainTimeoutMs: 0 }), two.close({ drainTimeoutMs: 0 })]);
  expect(logger.warned).toEqual([[{ backend: 'memory', name, messages: 2, deadLetters: 1 }, 'queue_messages_lost']]);
});

test('logs no warning if nothing is lost', async () => {
  const logger = warnings();
  const backend = new MemoryBackend({ name: randomUUID(), groups: [group], logger });
  await publish(backend, [1]);
  await (await receive(backend.consume({ group }))).ack();
  await backend.close();
  expect(logger.warned).toEqual([]);
});
