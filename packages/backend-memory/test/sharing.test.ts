import { randomUUID } from 'node:crypto';
import { registerHooks } from 'node:module';
import { expect, test } from 'vitest';
import { MemoryBackend } from '../src/index.ts';
import { freshBackend, publish, receive } from './fresh-backend.ts';

test('instances with the same name share their queues, different names do not', async () => {
  const name = randomUUID();
  const [one, two, other] = [freshBackend({ name }), freshBackend({ name }), freshBackend()];
  const independent = two.consume();
  const elsewhere = other.consume({ group: 'workers' });
  await publish(one, [1]);
  expect((await receive(two.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
  expect((await receive(independent)).payload).toEqual({ n: 1 });
  expect((await two.health()).detail).toMatchObject({ instances: 2, groups: 1 });
  await publish(other, [2]);
  expect((await receive(elsewhere)).payload).toEqual({ n: 2 });
});

test('stores a message id once across all instances', async () => {
  const name = randomUUID();
  const [one, two] = [freshBackend({ name }), freshBackend({ name })];
  const all = one.consume();
  await one.publish('slack_events', { n: 1 }, { messageId: 'Ev1' });
  await two.publish('slack_events', { n: 2 }, { messageId: 'Ev1' });
  await two.publish('slack_events', { n: 3 });
  expect([(await receive(all)).payload, (await receive(all)).payload]).toEqual([{ n: 1 }, { n: 3 }]);
});

test('closing one instance does not affect the others; closing the last deletes the queues', async () => {
  const name = randomUUID();
  const [one, two] = [freshBackend({ name, groups: ['workers'] }), freshBackend({ name })];
  await two.health();
  const consumer = two.consume({ group: 'workers' });
  await publish(one, [1, 2]);
  await one.close();
  expect((await receive(consumer)).payload).toEqual({ n: 1 });
  await two.close({ drainTimeoutMs: 0 });
  const three = freshBackend({ name });
  expect((await three.health()).detail).toMatchObject({ instances: 0, keys: 0 });
  const fresh = three.consume({ group: 'workers' });
  await publish(three, [3]);
  expect((await receive(fresh)).payload).toEqual({ n: 3 });
});

test('two copies of the package in one process share their queues', async () => {
  const name = randomUUID();
  const copy = await loadCopy();
  expect(copy.MemoryBackend).not.toBe(MemoryBackend);
  const ours = freshBackend({ name });
  const theirs = new copy.MemoryBackend({ name });
  const consumer = theirs.consume({ group: 'workers', ack: 'manual' });
  await publish(ours, [1]);
  const message = await receive(consumer);
  expect(message.payload).toEqual({ n: 1 });
  await message.nack();
  await (await receive(consumer)).deadLetter({ code: 'X' });
  expect(await ours.deadLetters({ group: 'workers' }).redrive('all')).toBe(1);
  await (await receive(consumer)).ack();
  await theirs.close();
});

/** Loads each module of the package a second time. */
async function loadCopy(): Promise<typeof import('../src/index.ts')> {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const ofCopy = context.parentURL?.endsWith('?copy') && specifier.startsWith('.');
      return ofCopy ? { ...resolved, url: `${resolved.url}?copy` } : resolved;
    },
  });
  const entry: string = '../src/index.ts?copy';
  try {
    return await import(entry);
  } finally {
    hooks.deregister();
  }
}
