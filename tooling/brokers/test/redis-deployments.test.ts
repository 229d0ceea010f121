import { Cluster, Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startRedisCluster, startRedisSentinel, waitFor } from '../src/index.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker('redis with a sentinel', startRedisSentinel, (deployment) => {
  test('promotes the replica when the master is killed, with its data', async () => {
    const redis = new Redis({ sentinels: [deployment.sentinel], name: deployment.masterName });
    redis.on('error', () => undefined);
    await redis.set('kept', 'yes');
    expect(await redis.wait(1, 10_000)).toBe(1);
    await deployment.master.kill();
    await waitFor('the replica to be master', async () => (await deployment.masterPort()) === deployment.replica.port);
    expect(await redis.get('kept')).toBe('yes');
    redis.disconnect();

    await deployment.master.restart();
    expect(deployment.master.pid).toBeDefined();
  });
});

describeWithOwnBroker(
  'a redis cluster',
  () => startRedisCluster({ replicas: true }),
  (deployment) => {
    test('spreads keys over its masters', async () => {
      const cluster = new Cluster([...deployment.masters]);
      for (const key of ['a', 'b', 'c', 'd', 'e']) await cluster.set(key, key);
      await cluster.quit();
      const sizes = await Promise.all(
        deployment.masters.map(async ({ port }) => {
          const redis = new Redis(port);
          const size = await redis.dbsize();
          redis.disconnect();
          return size;
        }),
      );
      expect(sizes.reduce((sum, size) => sum + size)).toBe(5);
      expect(sizes.filter((size) => size > 0)).toHaveLength(3);
    });

    test('serves the keys of a killed master from its replica', async () => {
      const cluster = new Cluster([...deployment.masters]);
      cluster.on('error', () => undefined);
      for (const { port } of deployment.masters) await expectReplicated(port);
      await deployment.masters[0]?.kill();
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        expect(await waitFor(`key ${key}`, async () => (await cluster.get(key)) ?? undefined)).toBe(key);
      }
      cluster.disconnect();
    });
  },
);

/** Resolves when the replica has received everything. */
async function expectReplicated(port: number): Promise<void> {
  const redis = new Redis(port);
  await waitFor('the replica', async () => {
    const info = await redis.info('replication');
    const [written, copied] = [/master_repl_offset:(\d+)/, /slave0:.*offset=(\d+)/].map((each) => each.exec(info)?.[1]);
    return written !== undefined && written === copied;
  });
  redis.disconnect();
}
