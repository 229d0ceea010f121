import { expect, test } from 'vitest';
import {
  countKept,
  drain,
  freshBackend,
  KEY,
  numbersOf,
  publish,
  range,
  receive,
  receiveMany,
} from './fresh-backend.ts';

const group = 'workers';

test('a group configured from the start receives all messages', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, [1, 2]);
  expect(await drain(backend.consume({ group }), 2)).toEqual([1, 2]);
});

test('a new group starts with retained or new messages; an existing one continues', async () => {
  const backend = freshBackend();
  await publish(backend, [1, 2]);
  expect(await drain(backend.consume({ group: 'early' }), 2)).toEqual([1, 2]);
  const late = backend.consume({ group: 'late', from: 'latest' });
  await publish(backend, [3]);
  expect(await drain(late, 1)).toEqual([3]);
  await publish(backend, [4]);
  expect(await drain(backend.consume({ group: 'late', from: 'latest' }), 1)).toEqual([4]);
  expect(await drain(backend.consume({ group: 'early' }), 2)).toEqual([3, 4]);
});

test('two groups each receive all messages independently', async () => {
  const backend = freshBackend({ groups: ['one', 'two'] });
  await publish(backend, range(100));
  const one = backend.consume({ group: 'one', ack: 'manual', prefetch: 100 });
  for (const message of await receiveMany(one, 100)) await message.nack({ delayMs: 60_000 });
  expect(await drain(backend.consume({ group: 'two' }), 100)).toEqual(range(100));
  expect([await countKept(backend, 'one'), await countKept(backend, 'two')]).toEqual([100, 0]);
});

test('members of a group share its messages, and each member receives some', async () => {
  const backend = freshBackend({ groups: [group] });
  const members = range(10).map(() => backend.consume({ group, prefetch: 8 }));
  const counts = members.map(() => 0);
  const seen = new Set<number>();
  const everything = Promise.withResolvers<void>();
  const loops = members.map(async (member, index) => {
    for await (const { payload } of member) {
      expect(seen.has(payload['n'] as number)).toBe(false);
      seen.add(payload['n'] as number);
      counts[index] = (counts[index] ?? 0) + 1;
      if (seen.size === 10_000) everything.resolve();
    }
  });
  await publish(backend, range(10_000));
  await everything.promise;
  await Promise.all(members.map((member) => member.close()));
  await Promise.all(loops);
  expect(Math.min(...counts)).toBeGreaterThan(100);
  expect(await countKept(backend, group)).toBe(0);
});

test('delivers single messages to waiting members in turn', async () => {
  const backend = freshBackend({ groups: [group] });
  const members = range(4).map(() => backend.consume({ group, ack: 'manual' }));
  await publish(backend, range(12));
  const shares = await Promise.all(members.map((member) => receiveMany(member, 3)));
  for (const share of shares) expect(new Set(numbersOf(share).map((n) => n % 4)).size).toBe(1);
});

test('loses nothing and repeats only messages in flight when members join and leave', async () => {
  const backend = freshBackend({ groups: [group] });
  const count = 5_000;
  const deliveries = new Map<number, number>();
  let redelivered = 0;
  const work = async (most: number): Promise<void> => {
    let own = 0;
    for await (const { payload, metadata } of backend.consume({ group, prefetch: 16 })) {
      const n = payload['n'] as number;
      deliveries.set(n, (deliveries.get(n) ?? 0) + 1);
      redelivered += metadata.deliveryCount - 1;
      own += 1;
      if (own === most || deliveries.size === count) break;
      if (own % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const publishing = publish(backend, range(count));
  let breaks = 0;
  while (deliveries.size < count) {
    await Promise.all([work(50), work(120), work(33)].map((loop) => Promise.race([loop, publishing.then(() => loop)])));
    breaks += 3;
  }
  await publishing;
  const twice = [...deliveries.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(deliveries.size).toBe(count);
  expect(twice).toBeLessThanOrEqual(breaks);
  expect(redelivered).toBe(twice);
});

test('keeps the order of publishing for one member that leaves and returns', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(200));
  const seen: number[] = [];
  for (let round = 0; round < 4; round += 1) seen.push(...(await drain(backend.consume({ group }), 50)));
  expect(seen).toEqual(range(200));
});

test('delivers the message in flight first after a break, then the rest in order', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(100));
  for await (const { payload } of backend.consume({ group })) if (payload['n'] === 3) break;
  const rest = await receiveMany(backend.consume({ group, ack: 'manual', prefetch: 97 }), 97);
  expect(numbersOf(rest)).toEqual(range(97, 3));
  expect(rest.map(({ metadata }) => metadata.deliveryCount)).toEqual([2, ...range(96).map(() => 1)]);
  expect(rest.every(({ metadata }) => metadata.retryCount === 0)).toBe(true);
});

test('delivers at most prefetch unsettled messages', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(50));
  const subscription = backend.consume({ group, ack: 'manual', prefetch: 5 });
  const messages = await receiveMany(subscription, 5);
  expect((await backend.health()).detail[`${KEY}/${group} pending`]).toBe(5);
  const sixth = subscription.next();
  await messages[2]?.ack();
  expect((await sixth).value?.payload).toEqual({ n: 5 });
  expect((await backend.health()).detail[`${KEY}/${group} pending`]).toBe(5);
});

test('reads several keys in turn, each with its own position', async () => {
  const backend = freshBackend({ groups: [group], keys: ['a', 'b', 'c'] });
  await publish(backend, range(1_000), 'a');
  await publish(backend, [0, 1, 2], 'b');
  await publish(backend, [7], 'unread');
  const first = await receiveMany(backend.consume({ group, ack: 'manual', prefetch: 6 }), 6);
  expect(first.map(({ metadata }) => metadata.key).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  expect(await countKept(backend, group, 'unread')).toBe(1);
});

test('a message that is nacked repeatedly does not delay the others', async () => {
  const backend = freshBackend({ groups: [group] });
  await publish(backend, range(20));
  const subscription = backend.consume({ group, ack: 'manual', prefetch: 1 });
  const others: number[] = [];
  let attempts = 0;
  while (others.length < 19) {
    const message = await receive(subscription);
    if (message.payload['n'] === 0) {
      attempts += 1;
      await message.nack();
    } else {
      others.push(message.payload['n'] as number);
      await message.ack();
    }
  }
  expect(others).toEqual(range(19, 1));
  expect(attempts).toBeLessThanOrEqual(20);
});
