import { expect, test, vi } from 'vitest';
import { ConnectionError, LeaseLostError } from '../src/index.ts';
import { CountingSource, type Numbered, nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('counts a single message before a waiting consumer receives it', async () => {
  const source = new CountingSource();
  const subscription = subscribe(source, { ack: 'manual' });
  const first = subscription.next();
  source.deliver([1]);
  let began = false;
  void first.then(() => {
    began = source.calls.includes('begin 1');
  });
  await first;
  expect(began).toBe(true);
});

test('counts messages that stay in flight, but not buffered or settled ones', async () => {
  vi.useFakeTimers();
  const source = new CountingSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1, 2, 3, 4]);
  const first = await nextMessage(subscription);
  await take(subscription, 2);
  void first.ack();
  await vi.advanceTimersByTimeAsync(10);
  expect(source.calls).toEqual(['open', 'ack 1', 'begin 2 3']);
  await take(subscription, 1);
  await vi.advanceTimersByTimeAsync(10);
  expect(source.calls.at(-1)).toBe('begin 4');
  await subscription.close({ drainTimeoutMs: 0 });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('hands out an interrupted message only after its delivery is counted', async () => {
  const source = new CountingSource();
  const begun = Promise.withResolvers<void>();
  source.onBegin = () => begun.promise;
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1], { interrupted: true });
  source.deliver([2]);
  const first = subscription.next();
  expect(source.calls).toEqual(['open', 'begin 1']);
  expect(source.sink.free()).toBe(1);
  expect(await take(subscription, 1)).toEqual([2]);
  begun.resolve();
  expect((await first).value?.payload).toEqual({ n: 1 });
});

test('returns a message that cannot be counted and hands out the next one', async () => {
  const source = new CountingSource();
  source.onBegin = () => Promise.reject(new ConnectionError('gone'));
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1], { interrupted: true });
  const next = subscription.next();
  source.onBegin = () => Promise.reject(new LeaseLostError('taken'));
  source.deliver([2], { interrupted: true });
  const other = subscription.next();
  source.deliver([3, 4]);
  expect([(await next).value?.payload['n'], (await other).value?.payload['n']].toSorted()).toEqual([3, 4]);
  expect(source.calls).toEqual(expect.arrayContaining(['release 1']));
  expect(source.calls).not.toContain('release 2');
  expect(source.sink.free()).toBe(1);
});

test('does not hand out a message whose lease is lost while it is counted, and returns one that arrives too late', async () => {
  const source = new CountingSource();
  const begun = Promise.withResolvers<void>();
  source.onBegin = () => begun.promise;
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1, 2], { interrupted: true });
  const calls = [subscription.next(), subscription.next()];
  source.sink.revoke(source.deliveries.get(1) as Numbered);
  const closing = subscription.close();
  begun.resolve();
  expect(await Promise.all(calls)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  await closing;
  expect(source.calls).toEqual(['open', 'begin 1', 'begin 2', 'release 2', 'close']);
});

test('hands out a message alone after it killed two consumers', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1]);
  source.deliver([2], { losses: 2 });
  source.deliver([3]);
  const acked = Promise.withResolvers<never[]>();
  source.onAck = () => acked.promise;
  const first = await nextMessage(subscription);
  const seen: unknown[] = [];
  const suspect = subscription.next();
  const third = subscription.next();
  void suspect.then(({ value }) => seen.push(value?.payload['n']));
  void third.then(({ value }) => seen.push(value?.payload['n']));
  await turn();
  expect(seen).toEqual([]);
  void first.ack();
  await turn();
  // The ack must be stored as well: if the consumer died now, the first message would be delivered again.
  expect(seen).toEqual([]);
  acked.resolve([]);
  await suspect;
  await turn();
  expect(seen).toEqual([2]);
  await (await suspect).value?.nack();
  await third;
  expect(seen).toEqual([2, 3]);
});

test('delays other messages for at most isolationMs', async () => {
  vi.useFakeTimers();
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' }, { isolationMs: 1_000 });
  source.deliver([1]);
  source.deliver([2], { losses: 2 });
  source.deliver([3]);
  await nextMessage(subscription);
  const rest = take(subscription, 2);
  await vi.advanceTimersByTimeAsync(999);
  expect(await Promise.race([rest, Promise.resolve('waits')])).toBe('waits');
  await vi.advanceTimersByTimeAsync(1);
  expect(await rest).toEqual([2, 3]);
  await subscription.close({ drainTimeoutMs: 0 });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test.each([
  [25, 24, false],
  [25, 25, true],
  [3, 2, false],
  [3, 3, true],
  [1, 1, false],
  [1, 2, true],
])(
  'with a limit of %i deliveries a message that was lost %i times is parked: %s',
  async (maxDeliveries, losses, parked) => {
    const source = new ScriptedSource();
    const subscription = subscribe(source, { ack: 'manual' }, { maxDeliveries });
    source.deliver([1], { losses });
    if (parked) {
      const message = `delivered ${losses} times without an outcome: its consumers died or lost it`;
      expect(source.calls).toEqual(['open', `dead-letter 1 MAX_DELIVERIES  ${message}`]);
    } else {
      expect(await take(subscription, 1)).toEqual([1]);
    }
  },
);

test('does not count failures as losses', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1], {}, (delivery) => {
    source.sink.deliver({ ...delivery, metadata: { ...delivery.metadata, retryCount: 99, deliveryCount: 100 } });
  });
  expect(await take(subscription, 1)).toEqual([1]);
});

test('shares credits between the readers of a subscription', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 10 });
  const [one, other] = [source.sink.credits(), source.sink.credits()];
  expect(one.take(7)).toBe(7);
  expect(other.take(7)).toBe(3);
  expect(source.sink.free()).toBe(0);
  source.deliver([1, 2], {}, (delivery) => one.deliver(delivery));
  expect(one.left).toBe(5);
  const slot = source.sink.slot();
  one.giveBack();
  await slot;
  expect(other.take(10)).toBe(8);
  other.giveBack();
  expect(source.sink.free()).toBe(8);
  await take(subscription, 2);
  void subscription.close({ drainTimeoutMs: 0 });
  expect(one.take(1)).toBe(0);
});

test('gives the last credit to one of two readers', () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 2 });
  const [one, other] = [source.sink.credits(), source.sink.credits()];
  expect([one.take(1), other.take(1), source.sink.free(), one.take(2)]).toEqual([1, 1, 0, 1]);
  other.giveBack();
  expect(one.take(2)).toBe(2);
  void subscription.close({ drainTimeoutMs: 0 });
});

test('delivers to an independent consumer what it lost before, and parks nothing', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' }, { maxDeliveries: 3 });
  source.deliver([1], { group: null, losses: 10 });
  expect(await take(subscription, 1)).toEqual([1]);
  expect(source.calls.filter((call) => call.startsWith('dead-letter'))).toEqual([]);
  await subscription.close({ drainTimeoutMs: 0 });
});
