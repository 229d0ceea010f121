import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LeaseLostError } from '@slack-mcp/core';
import { afterEach, expect, test, vi } from 'vitest';
import { MemoryBackend } from '../src/index.ts';
import { countKept, drain, freshBackend, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

const group = 'workers';

afterEach(() => {
  vi.useRealTimers();
});

test('an already aborted signal opens nothing and creates no group', async () => {
  const backend = freshBackend();
  for await (const _ of backend.consume({ group, signal: AbortSignal.abort() })) expect.unreachable();
  expect((await backend.health()).detail).toMatchObject({ groups: 0, keys: 0 });
});

test('abort while waiting ends the loop', async () => {
  const backend = freshBackend();
  const controller = new AbortController();
  const loop = (async () => {
    for await (const _ of backend.consume({ group, signal: controller.signal })) expect.unreachable();
  })();
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await loop;
});

test('abort during processing: the next call acks the message in flight, buffered messages go to others', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(10));
  const controller = new AbortController();
  const others = backend.consume({ group, prefetch: 1 });
  const seen: number[] = [];
  for await (const { payload } of backend.consume({ group, signal: controller.signal })) {
    seen.push(payload['n'] as number);
    controller.abort();
  }
  expect(seen).toHaveLength(1);
  const rest = await receiveMany(others, 9);
  expect(numbersOf(rest).concat(seen).toSorted()).toEqual(range(10));
  expect(rest.every(({ metadata }) => metadata.retryCount === 0)).toBe(true);
});

test('delivers the buffered messages of an aborted member to a waiting member', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(5));
  const controller = new AbortController();
  const leaving = backend.consume({ group, ack: 'manual', signal: controller.signal });
  const inHand = await receive(leaving);
  const waiting = receiveMany(backend.consume({ group }), 4);
  controller.abort();
  expect(numbersOf(await waiting)).toEqual([1, 2, 3, 4]);
  await inHand.ack();
});

test('abort with a delayed message leaves it to the group', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  const controller = new AbortController();
  const subscription = backend.consume({ group, signal: controller.signal, ack: 'manual' });
  await (await receive(subscription)).nack({ delayMs: 10 });
  controller.abort();
  expect((await subscription.next()).done).toBe(true);
  expect((await receive(backend.consume({ group }))).metadata.retryCount).toBe(1);
});

test('close() lets loops finish their messages in flight', async () => {
  const backend = freshBackend({ groups: [group] });
  const witness = new MemoryBackend({ name: 'witness-of-closing', groups: [group] });
  const closing = new MemoryBackend({ name: 'witness-of-closing' });
  await publish(witness, range(5));
  const seen: number[] = [];
  let closed: Promise<void> | undefined;
  for await (const message of closing.consume({ group })) {
    seen.push(message.payload['n'] as number);
    closed = closing.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(message.signal.aborted).toBe(false);
  }
  await closed;
  expect(seen).toEqual([0]);
  expect(await drain(witness.consume({ group }), 4)).toEqual([1, 2, 3, 4]);
  expect(await countKept(witness, group)).toBe(0);
  await witness.close();
  await backend.close();
});

test('messages unfinished after the drain time go to others uncounted and can no longer be acked', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  const leaving = backend.consume({ group, ack: 'manual' });
  const message = await receive(leaving);
  const staying = backend.consume({ group });
  await leaving.close({ drainTimeoutMs: 5 });
  expect((await receive(staying)).metadata).toMatchObject({ retryCount: 0, deliveryCount: 1 });
  await expect(message.ack()).rejects.toBeInstanceOf(LeaseLostError);
  expect(message.signal.aborted).toBe(true);
});

test('await using closes the backend', async () => {
  let health: () => Promise<{ status: string }>;
  {
    await using backend = new MemoryBackend({ name: 'disposed' });
    health = () => backend.health();
    void backend.consume({ group }).next();
  }
  expect((await health()).status).toBe('down');
});

test('releases ended subscriptions', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const backend = freshBackend();
  const begin = async () => {
    const subscription = backend.consume({ group });
    await subscription.return();
    return new WeakRef(subscription);
  };
  const ended = await begin();
  await expect
    .poll(() => {
      collect();
      return ended.deref() === undefined;
    })
    .toBe(true);
});

test('200 rounds of opening and closing leave no listener, timer or unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { signal } = new AbortController();
  for (let round = 0; round < 200; round += 1) {
    const backend = new MemoryBackend({ name: 'rounds', groups: [group] });
    await publish(backend, range(3));
    const subscriptions = [backend.consume({ group, signal, ack: 'manual' }), backend.consume({ signal })];
    await (await receive(subscriptions[0] as (typeof subscriptions)[0])).nack({ delayMs: 60_000 });
    void subscriptions[1]?.next();
    if (round % 2 === 0) await subscriptions[0]?.return();
    await backend.close({ drainTimeoutMs: 0 });
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
