import { afterEach, expect, test, vi } from 'vitest';
import { freshBackend, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

const group = 'workers';

afterEach(() => {
  vi.useRealTimers();
});

test('nack() delivers again with exact counts', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  const subscription = backend.consume({ group, ack: 'manual' });
  const counts: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const message = await receive(subscription);
    counts.push(message.metadata.retryCount);
    await message.nack();
  }
  expect(counts).toEqual([0, 1, 2, 3]);
});

test('each group has its own counts, and the id stays the same', async () => {
  const backend = freshBackend({ groups: ['one', 'two'] });
  await backend.publish(KEY, {}, { messageId: 'Ev1' });
  const one = backend.consume({ group: 'one', ack: 'manual' });
  await (await receive(one)).nack();
  const again = await receive(one);
  const other = await receive(backend.consume({ group: 'two' }));
  expect([again.metadata, other.metadata]).toMatchObject([
    { messageId: 'Ev1', retryCount: 1 },
    { messageId: 'Ev1', retryCount: 0 },
  ]);
});

test('hands out a message alone if its loop always throws, and parks it at maxDeliveries', async () => {
  const backend = freshBackend({ groups: [group], maxDeliveries: 3 });
  await publish(backend, [1, 2]);
  const counts: unknown[] = [];
  const loop = async (): Promise<void> => {
    for await (const { payload, metadata } of backend.consume({ group })) {
      if (payload['n'] === 2) break;
      counts.push([metadata.retryCount, metadata.deliveryCount]);
      throw new Error('poison');
    }
  };
  for (let round = 0; round < 3; round += 1) await expect(loop()).rejects.toThrow('poison');
  await loop();
  expect(counts).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
  ]);
  const { items } = await backend.deadLetters({ group }).list();
  expect(items).toMatchObject([{ payload: { n: 1 }, reason: { code: 'MAX_DELIVERIES' } }]);
});

test('delivers a delayed message to a waiting consumer by a timer', async () => {
  vi.useFakeTimers();
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  const subscription = backend.consume({ group, ack: 'manual' });
  await (await receive(subscription)).nack({ delayMs: 50 });
  let came = false;
  const next = receive(subscription).then(() => {
    came = true;
  });
  await vi.advanceTimersByTimeAsync(49);
  expect(came).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await next;
});

test('delivers each delayed message when it is due, with one timer', async () => {
  vi.useFakeTimers();
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(5));
  const subscription = backend.consume({ group, ack: 'manual' });
  const delays = [3_000, 1_000, 5_000, 2_000, 4_000];
  for (const message of await receiveMany(subscription, 5)) {
    await message.nack({ delayMs: delays[message.payload['n'] as number] as number });
  }
  expect(vi.getTimerCount()).toBe(1);
  const order: number[] = [];
  for (let second = 1; second <= 5; second += 1) {
    const next = receive(subscription);
    await vi.advanceTimersByTimeAsync(999);
    await expect(Promise.race([next, Promise.resolve('none')])).resolves.toBe('none');
    await vi.advanceTimersByTimeAsync(1);
    order.push(...numbersOf([await next]));
  }
  expect(order).toEqual([1, 3, 0, 4, 2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('supports delays longer than the maximum of a timer', async () => {
  vi.useFakeTimers();
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1]);
  const subscription = backend.consume({ group, ack: 'manual' });
  const month = 31 * 24 * 3_600_000;
  await (await receive(subscription)).nack({ delayMs: month });
  let came = false;
  const next = receive(subscription).then(() => {
    came = true;
  });
  await vi.advanceTimersByTimeAsync(month - 1);
  expect(came).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await next;
});

test('sets no timer without members and delivers due messages to the next member at once', async () => {
  vi.useFakeTimers();
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1, 2]);
  const leaving = backend.consume({ group, ack: 'manual' });
  const [one, two] = await receiveMany(leaving, 2);
  await one?.nack({ delayMs: 1_000 });
  await two?.nack({ delayMs: 3_000 });
  await leaving.close();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  const staying = backend.consume({ group, ack: 'manual' });
  expect((await receive(staying)).payload).toEqual({ n: 1 });
  const later = receive(staying);
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await later).payload).toEqual({ n: 2 });
});

test('a full member receives a due message as soon as it has a free slot', async () => {
  vi.useFakeTimers();
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1, 2]);
  const subscription = backend.consume({ group, ack: 'manual', prefetch: 1 });
  await (await receive(subscription)).nack({ delayMs: 1_000 });
  const two = await receive(subscription);
  await vi.advanceTimersByTimeAsync(5_000);
  await two.ack();
  expect((await receive(subscription)).metadata.retryCount).toBe(1);
});

test('retries do not delay new messages, and new messages do not delay retries', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(10));
  const first = backend.consume({ group, ack: 'manual', prefetch: 5 });
  for (const message of await receiveMany(first, 5)) await message.nack({ delayMs: 0 });
  await first.close();
  const messages = await receiveMany(backend.consume({ group, ack: 'manual' }), 10);
  const kinds = messages.slice(0, 8).map(({ metadata }) => (metadata.retryCount > 0 ? 'retry' : 'new'));
  expect(kinds.filter((kind) => kind === 'new').length).toBeGreaterThanOrEqual(3);
  expect(kinds.filter((kind) => kind === 'retry').length).toBeGreaterThanOrEqual(3);
  expect(numbersOf(messages).toSorted((a, b) => a - b)).toEqual(range(10));
});
