import type { FaultProxy } from '@slack-mcp/brokers';
import { expect, test } from 'vitest';
import { freshBackend, receive } from './fresh-backend.ts';

const ROUNDS = 15;

/**
 * Tests how long messages of many keys take.
 *
 * @param proxy - on the way to the broker, which seems to be far away meanwhile
 */
export function testManyKeys(url: string, proxy: FaultProxy): void {
  test('delivers from many keys as fast as from few', { timeout: 120_000 }, async () => {
    const medianOf = async (count: number): Promise<number> => {
      const keys = Array.from({ length: count }, (_, n) => `key-${n}`);
      const backend = freshBackend({ brokers: [url], keys, groups: ['workers'] });
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      await subscription.ready;
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const key = keys[(round * 7) % count] as string;
        // The first message of a key looks for its topic.
        await backend.publish(key, { n: -1 });
        await (await receive(subscription)).ack();
        const start = performance.now();
        await backend.publish(key, { n: round });
        await (await receive(subscription)).ack();
        times.push(performance.now() - start);
      }
      await subscription.close();
      return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
    };
    proxy.delay(10);
    try {
      const few = await medianOf(5);
      const many = await medianOf(50);
      // One after the other, 50 keys take at least 45 more round trips of 20 ms.
      expect(many).toBeLessThan(few + 450);
    } finally {
      proxy.delay(0);
    }
  });
}
