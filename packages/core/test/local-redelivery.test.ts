import { expect, test } from 'vitest';
import { Credits, type Delivery, LocalRedelivery } from '../src/backend.ts';

interface Stored extends Delivery {
  readonly text: string;
}

function stored(n: number): Stored {
  const counts = { retryCount: 0, deliveryCount: 1 };
  const metadata = { messageId: `m${n}`, timestamp: 0, ...counts, key: 'events', headers: {} };
  return { text: `{"n":${n}}`, payload: { n }, metadata };
}

function start(slots: number) {
  const delivered: Stored[] = [];
  const account = {
    take: (most: number) => Math.min(most, slots),
    giveBack: () => {},
    deliver: (delivery: Stored) => void delivered.push(delivery),
  };
  const credits = new Credits<Stored>(account);
  credits.take(slots);
  const due = Promise.withResolvers<void>();
  const redelivery = new LocalRedelivery<Stored>(({ text }) => JSON.parse(text), due.resolve);
  return { delivered, credits, due: due.promise, redelivery };
}

test('delivers a nacked message again, with a payload of its own and higher counts', async () => {
  const { delivered, credits, due, redelivery } = start(10);
  const first = stored(1);
  first.payload['n'] = 'changed';
  redelivery.nack(first, 1);
  await due;
  expect(redelivery.hasDue).toBe(true);
  redelivery.deliverDue(credits);
  expect(redelivery.hasDue).toBe(false);
  expect(delivered).toMatchObject([{ payload: { n: 1 }, metadata: { retryCount: 1, deliveryCount: 2 } }]);
  expect(first.metadata).toMatchObject({ retryCount: 0, deliveryCount: 1 });
  redelivery.nack(delivered[0] as Stored, 0);
  redelivery.deliverDue(credits);
  expect(delivered[1]).toMatchObject({ payload: { n: 1 }, metadata: { retryCount: 2, deliveryCount: 3 } });
});

test('delivers only as many messages as there are credits, the earliest first', () => {
  const { delivered, credits, redelivery } = start(2);
  for (const n of [1, 2, 3]) redelivery.nack(stored(n), 0);
  redelivery.nack(stored(4), 60_000);
  redelivery.deliverDue(credits);
  expect(delivered.map(({ payload }) => payload['n'])).toEqual([1, 2]);
  credits.take(2);
  redelivery.deliverDue(credits);
  expect(delivered.map(({ payload }) => payload['n'])).toEqual([1, 2, 3]);
  redelivery.nack(stored(5), 0);
  redelivery.clear();
  expect(redelivery.hasDue).toBe(false);
});
