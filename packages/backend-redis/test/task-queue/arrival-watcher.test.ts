import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { resolveOptions } from '../../src/options.ts';
import { ArrivalWatcher } from '../../src/task-queue/arrival-watcher.ts';
import { freshPrefix } from './fresh-tasks.ts';

describeWithBroker('redis', ({ url }) => {
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  test('checks again after a notification during a check', async () => {
    const [queue, other] = [freshPrefix(), freshPrefix()];
    const looks: ((found: boolean) => void)[] = [];
    const subscribed = Promise.withResolvers<void>();
    let otherHasMessage = false;
    const watcher = new ArrivalWatcher(resolveOptions({ url }), 2 ** 31 - 1, (name) => {
      if (name === other) return Promise.resolve(otherHasMessage);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      if (looks.push(resolve) === 2) subscribed.resolve();
      return promise;
    });
    onTestFinished(() => watcher.close());
    const waiting = watcher.wait(queue, {});
    const barrier = watcher.wait(other, {});
    looks[0]?.(false);
    await subscribed.promise;
    await redis.publish(queue, '');
    otherHasMessage = true;
    // Notifications keep their order: once this one arrives, the previous one has arrived, too.
    await redis.publish(other, '');
    await barrier;
    expect(looks).toHaveLength(2);
    looks[1]?.(false);
    await expect.poll(() => looks.length).toBe(3);
    looks[2]?.(true);
    expect(await waiting).toBe(true);
  });
});
