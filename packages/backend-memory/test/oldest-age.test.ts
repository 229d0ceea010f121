import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freshBackend, publish, receive, receiveMany } from './fresh-backend.ts';

const group = 'workers';

// Only the clock of publish times is fake.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A backend with a message of each age, in milliseconds. */
async function withAges(...ages: number[]) {
  const backend = freshBackend({ groups: [group] });
  for (const [index, age] of ages.entries()) {
    await publish(backend, [index]);
    vi.advanceTimersByTime(age - (ages[index + 1] ?? 0));
  }
  return { backend, age: async () => (await backend.health()).groups?.[0]?.oldestAgeMs };
}

test('is that of the first undelivered message', async () => {
  expect(await (await withAges(5_000, 2_000)).age()).toBe(5_000);
});

test('includes messages in flight, and ends when they are settled', async () => {
  const { backend, age } = await withAges(5_000, 2_000);
  const [first, second] = await receiveMany(backend.consume({ group, ack: 'manual' }), 2);
  expect(await age()).toBe(5_000);
  await second?.ack();
  expect(await age()).toBe(5_000);
  await first?.ack();
  expect(await age()).toBe(0);
});

test('includes messages that wait for a retry, and messages that a consumer returned', async () => {
  const { backend, age } = await withAges(5_000, 2_000);
  const subscription = backend.consume({ group, ack: 'manual', prefetch: 1 });
  await (await receive(subscription)).nack({ delayMs: 600_000 });
  expect(await age()).toBe(5_000);
  const other = await receive(subscription);
  expect(other.payload).toEqual({ n: 1 });
  await subscription.close({ drainTimeoutMs: 0 });
  expect(await age()).toBe(5_000);
  const released = await withAges(3_000);
  const reader = released.backend.consume({ group, ack: 'manual' });
  await receive(reader);
  await reader.close({ drainTimeoutMs: 0 });
  expect(await released.age()).toBe(3_000);
});

test('excludes dead letters, and includes them again after a redrive', async () => {
  const { backend, age } = await withAges(5_000, 2_000);
  const message = await receive(backend.consume({ group, ack: 'manual', prefetch: 1 }));
  await message.deadLetter({ code: 'BROKEN' });
  expect(await age()).toBe(2_000);
  await backend.deadLetters({ group }).redrive('all');
  expect(await age()).toBe(5_000);
});
