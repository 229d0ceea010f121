import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import {
  ConfigurationError,
  ConnectionError,
  LeaseLostError,
  QueueClosedError,
  type QueueMessage,
} from '../src/index.ts';
import { nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

const DONE = { done: true, value: undefined };

afterEach(() => {
  vi.useRealTimers();
});

test('opens nothing and yields nothing if the signal is already aborted', async () => {
  const source = new ScriptedSource();
  const closed = Promise.withResolvers<void>();
  const signal = AbortSignal.abort();
  const subscription = subscribe(source, { signal }, { onClosed: () => closed.resolve() });
  expect(await subscription.next()).toEqual(DONE);
  await expect(subscription.ready).rejects.toBeInstanceOf(QueueClosedError);
  await subscription.close();
  await closed.promise;
  expect(source.calls).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('abort ends all waiting calls without an error and closes the source', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal });
  await subscription.ready;
  const waiting = [subscription.next(), subscription.next()];
  controller.abort(new Error('not thrown'));
  expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
  expect(await subscription.next()).toEqual(DONE);
  expect(source.signal?.aborted).toBe(true);
  expect(source.calls).toEqual(['open', 'close']);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

test('abort closes a source that is still opening', async () => {
  const source = new ScriptedSource();
  source.onOpen = () => new Promise(() => {});
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal });
  controller.abort();
  expect(await subscription.next()).toEqual(DONE);
  await expect(subscription.ready).rejects.toBeInstanceOf(QueueClosedError);
  expect(source.calls).toEqual(['open', 'close']);
});

test('abort during processing releases buffered messages; the next call acks the message in flight and ends', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal });
  source.deliver([1, 2, 3]);
  const seen: unknown[] = [];
  for await (const message of subscription) {
    seen.push(message.payload['n']);
    controller.abort();
    expect(source.calls).toEqual(['open', 'release 2 3']);
    expect(message.signal.aborted).toBe(false);
  }
  expect(seen).toEqual([1]);
  expect(source.calls).toEqual(['open', 'release 2 3', 'ack 1', 'close']);
});

test('after an abort, messages in flight can still be settled before the source is closed', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal, ack: 'manual' });
  source.deliver([1, 2, 3]);
  const [one, two] = [await nextMessage(subscription), await nextMessage(subscription)];
  controller.abort();
  expect(await subscription.next()).toEqual(DONE);
  expect(source.calls).toEqual(['open', 'release 3']);
  await one.ack();
  await two.nack();
  await subscription.close();
  expect(source.calls).toEqual(['open', 'release 3', 'ack 1', 'nack 2 0', 'close']);
});

test.each(['throw', 'break'])(
  '%s returns messages in flight as counted deliveries and buffered messages uncounted',
  async (how) => {
    const source = new ScriptedSource();
    const subscription = subscribe(source);
    source.deliver([1, 2, 3, 4]);
    const inHand: QueueMessage[] = [];
    const loop = async () => {
      for await (const message of subscription) {
        inHand.push(message);
        if (inHand.length < 2) continue;
        if (how === 'break') break;
        throw new Error('handler');
      }
    };
    if (how === 'break') await loop();
    else await expect(loop()).rejects.toThrow('handler');
    expect(source.calls.toSorted()).toEqual(['ack 1', 'close', 'give back 2', 'open', 'release 3 4']);
    expect(source.calls.at(-1)).toBe('close');
    expect(inHand[1]?.signal.aborted).toBe(true);
    await expect(inHand[1]?.ack()).rejects.toBeInstanceOf(LeaseLostError);
    expect(await subscription.next()).toEqual(DONE);
  },
);

test('break after an ack returns nothing', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1]);
  for await (const message of subscription) {
    void message.ack();
    break;
  }
  expect(source.calls).toEqual(['open', 'ack 1', 'close']);
});

test('return() ends a waiting next()', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  const waiting = subscription.next();
  expect(await subscription.return()).toEqual(DONE);
  expect(await waiting).toEqual(DONE);
  expect(await subscription.return()).toEqual(DONE);
  expect(source.calls).toEqual(['open', 'close']);
});

test('a loop with nothing in flight ends when the source is closed', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const leaving = Promise.withResolvers<void>();
  source.onClose = () => leaving.promise;
  const subscription = subscribe(source, { signal: controller.signal });
  const order: string[] = [];
  const loop = subscription.next().then(() => order.push('ended'));
  controller.abort();
  await new Promise((resolve) => setImmediate(resolve));
  order.push('closed');
  leaving.resolve();
  await loop;
  expect(order).toEqual(['closed', 'ended']);
});

test('wakes a source that waits for a slot when reading stops', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 1, ack: 'manual' });
  source.deliver([1]);
  await nextMessage(subscription);
  const slot = source.sink.slot();
  void subscription.close({ drainTimeoutMs: Number.POSITIVE_INFINITY });
  await slot;
  await subscription.close({ drainTimeoutMs: 0 });
});

test('returns messages that arrive after reading has stopped', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1]);
  const message = await nextMessage(subscription);
  const closing = subscription.close();
  source.deliver([2]);
  expect(source.sink.free()).toBe(0);
  await source.sink.slot();
  await message.ack();
  await closing;
  expect(source.calls).toEqual(['open', 'release 2', 'ack 1', 'close']);
});

test('close() waits for messages in flight, then sends the acks, then closes the source', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1, 2, 3]);
  await take(subscription, 2);
  let closed = false;
  const closing = subscription.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  expect(await subscription.next()).toEqual(DONE);
  await closing;
  await subscription.close();
  expect(source.calls.toSorted()).toEqual(['ack 1', 'ack 2', 'close', 'open', 'release 3']);
  expect(source.calls.at(-1)).toBe('close');
});

test('returns messages in flight when the drain time is over', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1]);
  const message = await nextMessage(subscription);
  const closing = subscription.close({ drainTimeoutMs: 500 });
  await vi.advanceTimersByTimeAsync(499);
  expect(message.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(message.signal.aborted).toBe(true);
  await expect(message.ack()).rejects.toBeInstanceOf(LeaseLostError);
  expect(source.calls).toEqual(['open', 'release 1', 'close']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a drain time of 0 returns messages at once; the latest call sets the drain time', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1]);
  await nextMessage(subscription);
  const patient = subscription.close({ drainTimeoutMs: Number.POSITIVE_INFINITY });
  await subscription.close({ drainTimeoutMs: 0 });
  await patient;
  expect(source.calls).toEqual(['open', 'release 1', 'close']);
});

test('close() waits for a silent broker only for the drain time and a grace period', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  source.onAck = () => new Promise(() => {});
  source.onSettle = () => new Promise(() => {});
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1, 2, 3]);
  const message = await nextMessage(subscription);
  await nextMessage(subscription);
  const ack = message.ack();
  const closing = subscription.close({ drainTimeoutMs: 100 });
  ack.catch(() => {});
  await vi.advanceTimersByTimeAsync(1_100);
  await closing;
  await expect(ack).rejects.toBeInstanceOf(LeaseLostError);
  expect(source.calls).toEqual(['open', 'release 3', 'ack 1', 'release 2', 'close']);
  expect(vi.getTimerCount()).toBe(0);
});

test('retries a settlement that fails while draining before it closes the source', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' }, { retryDelayMs: 1 });
  source.deliver([1]);
  const message = await nextMessage(subscription);
  source.onAck = () => Promise.reject(new ConnectionError('gone'));
  const ack = message.ack();
  const closing = subscription.close();
  await expect.poll(() => source.calls.length).toBeGreaterThan(2);
  source.onAck = () => Promise.resolve([]);
  await Promise.all([ack, closing]);
  expect(source.calls.slice(-2)).toEqual(['again ack 1', 'close']);
});

test.each([-1, Number.NaN, '5'])('close() rejects a drain time of %s', async (drainTimeoutMs) => {
  const subscription = subscribe(new ScriptedSource());
  await expect(subscription.close({ drainTimeoutMs: drainTimeoutMs as number })).rejects.toBeInstanceOf(
    ConfigurationError,
  );
});

test('logs a source that cannot be closed and resolves close()', async () => {
  const source = new ScriptedSource();
  source.onClose = () => Promise.reject(new ConnectionError('gone'));
  const warnings: unknown[] = [];
  const discard = () => {};
  const warn = (...entry: unknown[]) => warnings.push(entry[1]);
  const logger = { debug: discard, info: discard, warn, error: discard };
  await subscribe(source, {}, { logger }).close();
  expect(warnings).toEqual(['queue_subscription_close_failed']);
});

test('200 subscriptions on one signal leave no listener and no timer behind', async () => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  for (let round = 0; round < 200; round += 1) {
    const source = new ScriptedSource();
    const subscription = subscribe(source, { signal });
    source.deliver([1, 2, 3]);
    await take(subscription, 2);
    if (round % 2 === 0) await subscription.return();
    else await subscription.close({ drainTimeoutMs: 0 });
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});
