import { expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { DEADLINE, type Workplace, workplace } from './support/workplace.ts';

/** Publishes `count` messages of one channel, then one message in each of the others. */
async function flood(place: Workplace, count: number, others: readonly string[]): Promise<void> {
  for (let n = 1; n <= count; n += 1) await place.publish(`flood ${n}`, { orderingKey: 'FLOOD' });
  for (const orderingKey of others) await place.publish(orderingKey, { orderingKey });
}

/** A handler that holds the messages of the flood until the test releases them, one at a time. */
function gate() {
  const handled: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    handled,
    waiting,
    handle: async (id: string) => {
      if (id.startsWith('flood')) await new Promise<void>((resolve) => waiting.push(resolve));
      handled.push(id);
    },
  };
}

const OTHERS = ['A', 'B', 'C', 'D', 'E'];

describeBackends('fairness', 'everywhere', (harness) => {
  test('a flooding channel delays only itself, and keeps its order', async () => {
    const place = workplace(harness);
    const { handled, waiting, handle } = gate();
    const consumer = place.consumer({ concurrency: 10 }).any(({ metadata }) => handle(metadata.messageId));
    await consumer.start();
    await flood(place, 200, OTHERS);
    // No message of the flood is released, and the others are still handled.
    await expect.poll(() => [...handled].sort(), DEADLINE).toEqual(OTHERS);
    await expect
      .poll(() => consumer.health(), DEADLINE)
      .toMatchObject({
        status: 'up',
        detail: { running: 1, fullestLane: 'slack_events FLOOD', waitingInLane: 199 },
      });
    for (let n = 1; n <= 200; n += 1) {
      await expect.poll(() => waiting.length, DEADLINE).toBe(1);
      waiting.shift()?.();
    }
    await expect.poll(() => handled.length, DEADLINE).toBe(205);
    expect(handled.slice(5)).toEqual(Array.from({ length: 200 }, (_, n) => `flood ${n + 1}`));
  });

  test('other channels wait when readAhead is exhausted, and health names the full channel', async () => {
    const place = workplace(harness);
    const { handled, waiting, handle } = gate();
    const options = { concurrency: 2, prefetch: 4, readAhead: 10 };
    const consumer = place.consumer(options).any(({ metadata }) => handle(metadata.messageId));
    await consumer.start();
    await flood(place, 30, ['A']);
    await expect
      .poll(() => consumer.health(), DEADLINE)
      .toMatchObject({
        status: 'degraded',
        detail: { running: 1, fullestLane: 'slack_events FLOOD', waitingInLane: 11 },
      });
    expect(handled).toEqual([]);
    const letGo = async (count: number): Promise<void> => {
      for (let n = 1; n <= count; n += 1) {
        await expect.poll(() => waiting.length, DEADLINE).toBe(1);
        waiting.shift()?.();
      }
    };
    await letGo(20);
    await expect.poll(() => handled, DEADLINE).toContain('A');
    await expect.poll(() => consumer.health().status, DEADLINE).toBe('up');
    await letGo(10);
    await expect.poll(() => handled.length, DEADLINE).toBe(31);
  });

  test('two flooding channels leave the other slots free, and readAhead: 0 respects prefetch', async () => {
    for (const [readAhead, expected] of [
      [1_000, ['A', 'B']],
      [0, []],
    ] as const) {
      const place = workplace(harness);
      const { handled, waiting, handle } = gate();
      const consumer = place
        .consumer({ concurrency: 3, prefetch: 6, readAhead })
        .any(({ metadata }) => handle(metadata.messageId));
      await consumer.start();
      for (let n = 1; n <= 40; n += 1) {
        await place.publish(`flood 1 ${n}`, { orderingKey: 'ONE' });
        await place.publish(`flood 2 ${n}`, { orderingKey: 'TWO' });
      }
      for (const orderingKey of ['A', 'B']) await place.publish(orderingKey, { orderingKey });
      await expect.poll(() => waiting.length, DEADLINE).toBe(2);
      await expect.poll(() => [...handled].sort(), DEADLINE).toEqual(expected);
      await consumer.close();
    }
  });
});
