import { afterEach, expect, test, vi } from 'vitest';
import { ConfigurationError, type Logger } from '../src/index.ts';
import { nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('it opens at once, and is ready when the source is', async () => {
  const source = new ScriptedSource();
  const opening = Promise.withResolvers<void>();
  source.onOpen = () => opening.promise;
  const subscription = subscribe(source);
  expect(source.calls).toEqual(['open']);
  let ready = false;
  void subscription.ready.then(() => {
    ready = true;
  });
  await Promise.resolve();
  expect(ready).toBe(false);
  opening.resolve();
  await subscription.ready;
});

test('messages come in order, buffered or waited for', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1, 2]);
  expect(await take(subscription, 2)).toEqual([1, 2]);
  const third = take(subscription, 1);
  source.deliver([3]);
  expect(await third).toEqual([3]);
});

test('asking for the next message acks the one before, and waits for nobody', async () => {
  const source = new ScriptedSource();
  source.onAck = () => new Promise(() => {});
  const subscription = subscribe(source, { prefetch: 4 });
  source.deliver([1, 2, 3, 4]);
  await take(subscription, 2);
  expect(source.calls).toEqual(['open']);
  await take(subscription, 2);
  expect(source.calls).toEqual(['open', 'ack 1 2']);
});

test('an implicit ack that nothing follows is sent after the delay', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1]);
  await take(subscription, 1);
  void subscription.next();
  await vi.advanceTimersByTimeAsync(4);
  expect(source.calls).toEqual(['open']);
  await vi.advanceTimersByTimeAsync(1);
  expect(source.calls).toEqual(['open', 'ack 1']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a batch is full at the count that is set', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, {}, { ackBatch: { maxCount: 3, maxDelayMs: 600_000 } });
  source.deliver([1, 2, 3, 4, 5]);
  await take(subscription, 5);
  expect(source.calls).toEqual(['open', 'ack 1 2 3']);
});

test('in manual mode asking for the next message acks nothing', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1, 2, 3]);
  await take(subscription, 3);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(source.calls).toEqual(['open']);
  expect(source.sink.free()).toBe(0);
});

test('concurrent calls of next each get a message, and the call after them acks both', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 4 });
  const both = Promise.all([subscription.next(), subscription.next()]);
  source.deliver([1, 2, 3]);
  expect((await both).map(({ value }) => value?.payload['n'])).toEqual([1, 2]);
  await take(subscription, 1);
  expect(source.calls).toEqual(['open', 'ack 1 2']);
});

test('what is buffered or in flight takes a slot, what is being settled does not', async () => {
  const source = new ScriptedSource();
  source.onAck = () => new Promise(() => {});
  const subscription = subscribe(source, { prefetch: 3 });
  expect(source.sink.free()).toBe(3);
  source.deliver([1, 2, 3]);
  expect(source.sink.free()).toBe(0);
  const slot = source.sink.slot();
  await take(subscription, 3);
  await slot;
  expect(source.sink.free()).toBe(2);
});

test('settlements under way have a bound of their own', async () => {
  const source = new ScriptedSource();
  const acked = Promise.withResolvers<never[]>();
  source.onAck = () => acked.promise;
  const subscription = subscribe(source, { prefetch: 10 }, { maxSettling: 2 });
  source.deliver([1, 2, 3]);
  await take(subscription, 2);
  expect(source.sink.free()).toBe(8);
  await take(subscription, 1);
  expect(source.sink.free()).toBe(0);
  const slot = source.sink.slot();
  acked.resolve([]);
  await slot;
  expect(source.sink.free()).toBeGreaterThan(0);
});

test('a source that pushes is asked for more when half of the slots are free, or nothing is buffered', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 6, ack: 'manual' });
  source.deliver([1, 2, 3, 4, 5, 6]);
  const messages = [await nextMessage(subscription), await nextMessage(subscription), await nextMessage(subscription)];
  void messages[0]?.ack();
  void messages[1]?.ack();
  expect(source.pulls).toBe(0);
  void messages[2]?.ack();
  expect(source.pulls).toBe(1);
  source.deliver([7, 8, 9]);
  await take(subscription, 5);
  const last = await nextMessage(subscription);
  const { pulls } = source;
  void last.ack();
  expect(source.pulls).toBeGreaterThan(pulls);
});

test('a prefetch of 1 hands out one message at a time and does not wait for the delay of the acks', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 1 }, { ackBatch: { maxDelayMs: 60_000 } });
  source.pull = () => source.deliver([source.deliveries.size]);
  source.deliver([0]);
  expect(await take(subscription, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(source.calls).toEqual(['open', 'ack 0', 'ack 1', 'ack 2', 'ack 3']);
});

test('an endless supply leaves timers their turn', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal });
  let fired = false;
  // A supply that starved timers would never end: after so many messages it is ended, and the timer has not fired.
  const enough = 1_000_000;
  source.pull = () => {
    if (source.deliveries.size >= enough) controller.abort();
    while (source.sink.free() > 0) source.deliver([source.deliveries.size]);
  };
  source.pull();
  setTimeout(() => {
    fired = true;
    controller.abort();
  }, 0);
  for await (const _ of subscription);
  expect(fired).toBe(true);
});

test('what waiting cannot cure is thrown by ready and, once, by next', async () => {
  const source = new ScriptedSource();
  source.onOpen = () => Promise.reject(new ConfigurationError('no'));
  const subscription = subscribe(source);
  const waiting = [subscription.next(), subscription.next()];
  await expect(waiting[0]).rejects.toThrow('no');
  expect(await waiting[1]).toEqual({ done: true, value: undefined });
  await expect(subscription.ready).rejects.toThrow('no');
  expect(await subscription.next()).toEqual({ done: true, value: undefined });
  expect(source.calls).toEqual(['open', 'close']);
});

test('a source that fails later ends the iteration with its error, after giving back what was buffered', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  await subscription.ready;
  source.deliver([1, 2]);
  await take(subscription, 1);
  source.sink.fail(new ConfigurationError('revoked'));
  await expect(subscription.next()).rejects.toThrow('revoked');
  expect(await subscription.next()).toEqual({ done: true, value: undefined });
  expect(source.calls).toEqual(['open', 'release 2', 'ack 1', 'close']);
});

test('each delivery is logged at debug, without its payload', async () => {
  const source = new ScriptedSource();
  const entries: unknown[] = [];
  const discard = () => {};
  const logger: Logger = {
    debug: (...entry: unknown[]) => entries.push(entry),
    info: discard,
    warn: discard,
    error: discard,
  };
  const subscription = subscribe(source, {}, { logger });
  source.deliver([1]);
  await nextMessage(subscription);
  expect(entries).toEqual([
    [{ key: 'events', group: 'workers', messageId: 'm1', retryCount: 0, deliveryCount: 1 }, 'queue_message_delivered'],
  ]);
});

test('setPrefetch lets more out, or less, than consume was called with', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 2 });
  source.deliver([1, 2]);
  const [first] = [await nextMessage(subscription), await nextMessage(subscription)];
  expect(source.sink.free()).toBe(0);
  let room = false;
  void source.sink.slot().then(() => {
    room = true;
  });
  subscription.setPrefetch?.(5);
  expect(source.sink.free()).toBe(3);
  await expect.poll(() => room).toBe(true);
  source.deliver([3, 4, 5]);
  expect(source.sink.free()).toBe(0);
  subscription.setPrefetch?.(2);
  await first?.ack();
  expect(source.sink.free()).toBe(0);
});
