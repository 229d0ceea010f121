import { afterEach, expect, test, vi } from 'vitest';
import { ConfigurationError, type Logger, type QueueMessage } from '../src/index.ts';
import { nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('opens at once and is ready when the source is ready', async () => {
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

test('delivers buffered and awaited messages in order', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1, 2]);
  expect(await take(subscription, 2)).toEqual([1, 2]);
  const third = take(subscription, 1);
  source.deliver([3]);
  expect(await third).toEqual([3]);
});

test('requesting the next message acks the previous one without waiting', async () => {
  const source = new ScriptedSource();
  source.onAck = () => new Promise(() => {});
  const subscription = subscribe(source, { prefetch: 4 });
  source.deliver([1, 2, 3, 4]);
  await take(subscription, 2);
  expect(source.calls).toEqual(['open']);
  await take(subscription, 2);
  expect(source.calls).toEqual(['open', 'ack 1 2']);
});

test('sends a single implicit ack after the delay', async () => {
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

test('sends a batch when it reaches maxCount', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, {}, { ackBatch: { maxCount: 3, maxDelayMs: 600_000 } });
  source.deliver([1, 2, 3, 4, 5]);
  await take(subscription, 5);
  expect(source.calls).toEqual(['open', 'ack 1 2 3']);
});

test('in manual mode, requesting the next message acks nothing', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1, 2, 3]);
  await take(subscription, 3);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(source.calls).toEqual(['open']);
  expect(source.sink.free()).toBe(0);
});

test('concurrent calls of next() each get a message, and the following call acks both', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 4 });
  const both = Promise.all([subscription.next(), subscription.next()]);
  source.deliver([1, 2, 3]);
  expect((await both).map(({ value }) => value?.payload['n'])).toEqual([1, 2]);
  await take(subscription, 1);
  expect(source.calls).toEqual(['open', 'ack 1 2']);
});

test('buffered messages and messages in flight use a slot, messages being settled do not', async () => {
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

test('limits pending settlements separately', async () => {
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

test.each<[string, (message: QueueMessage) => Promise<void>]>([
  ['nack', (message) => message.nack()],
  ['deadLetter', (message) => message.deadLetter({ code: 'no' })],
])('limits calls of %s under way like acks', async (_name, settle) => {
  const source = new ScriptedSource();
  const answered = Promise.withResolvers<void>();
  source.onSettle = () => answered.promise;
  const subscription = subscribe(source, { ack: 'manual', prefetch: 10 }, { maxSettling: 2 });
  source.deliver([1, 2, 3]);
  const messages = [await nextMessage(subscription), await nextMessage(subscription)];
  const settling = messages.map(settle);
  expect(source.sink.free()).toBe(0);
  answered.resolve();
  await Promise.all(settling);
  expect(source.sink.free()).toBeGreaterThan(0);
});

test('pulls more messages when half of the slots are free or nothing is buffered', async () => {
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

test('a prefetch of 1 hands out one message at a time without the ack delay', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { prefetch: 1 }, { ackBatch: { maxDelayMs: 60_000 } });
  source.pull = () => source.deliver([source.deliveries.size]);
  source.deliver([0]);
  expect(await take(subscription, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(source.calls).toEqual(['open', 'ack 0', 'ack 1', 'ack 2', 'ack 3']);
});

test('lets timers run during an endless supply of messages', async () => {
  const source = new ScriptedSource();
  const controller = new AbortController();
  const subscription = subscribe(source, { signal: controller.signal });
  let fired = false;
  // If timers were starved, the supply would never end. The limit ends it, and the timer has not fired.
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

test('rejects ready, and next() once, with a fatal error', async () => {
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

test('ends the iteration with the error of a source that fails later, after releasing buffered messages', async () => {
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

test('logs each delivery at debug level without its payload', async () => {
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

test('setPrefetch raises and lowers the limit of consume', async () => {
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
