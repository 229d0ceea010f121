import { type KafkaCluster, startKafkaCluster, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { Subscription } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY } from './fresh-backend.ts';
import { Traffic } from './traffic.ts';

/** A publisher and two members of a group, which work without a pause. */
function work(cluster: KafkaCluster): { traffic: Traffic; groupId: string; topic: string; failed: Promise<never> } {
  const prefix = freshPrefix();
  const options = { brokers: cluster.url.split(','), prefix, partitions: 6, leaseMs: 6_000, timeoutMs: 120_000 };
  const traffic = new Traffic();
  traffic.publish(freshBackend(options));
  const members = Array.from(
    { length: 2 },
    (): Subscription => freshBackend(options).consume({ group: 'workers', keys: KEY, ack: 'manual' }),
  );
  const failed = Promise.all(members.map((member) => traffic.consume(member))).then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return { traffic, groupId: `${prefix}workers`, topic: `${prefix}${KEY}`, failed };
}

async function judge({ traffic, failed }: ReturnType<typeof work>): Promise<void> {
  await Promise.race([traffic.finish(), failed]);
  expect(traffic.again).toEqual([]);
  expect(traffic.disordered).toEqual([]);
  expect(traffic.handled.size).toBe(traffic.confirmed.size);
}

describeWithOwnBroker(
  'a kafka cluster with min.insync.replicas=2',
  () => startKafkaCluster(),
  (cluster) => {
    describe('loses nothing, and delivers no acked message again', { timeout: 300_000 }, () => {
      test('when its brokers are restarted one after the other', async () => {
        const running = work(cluster);
        await Promise.race([running.traffic.more(100), running.failed]);
        for (const node of cluster.nodes) {
          await node.stop();
          await Promise.race([running.traffic.more(50), running.failed]);
          await node.restart();
          await cluster.untilInSync();
        }
        await judge(running);
      });

      test('when the coordinator of the group is killed', async () => {
        const running = work(cluster);
        await Promise.race([running.traffic.more(100), running.failed]);
        const coordinator = await cluster.coordinatorOf(running.groupId);
        await coordinator.kill();
        await Promise.race([running.traffic.more(200), running.failed]);
        await waitFor(
          'another coordinator',
          async () => (await cluster.coordinatorOf(running.groupId)) !== coordinator,
        );
        await coordinator.restart();
        await cluster.untilInSync();
        await judge(running);
      });

      test('when a broker does not answer', async () => {
        const running = work(cluster);
        await Promise.race([running.traffic.more(100), running.failed]);
        const leader = await cluster.leaderOf(running.topic);
        await leader.pause();
        await Promise.race([running.traffic.more(200), running.failed]);
        await leader.resume();
        await cluster.untilInSync();
        await judge(running);
      });
    });
  },
);
