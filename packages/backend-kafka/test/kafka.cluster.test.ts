import { type KafkaCluster, type KafkaClusterNode, startKafkaCluster, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { Subscription } from '@slack-mcp/core';
import { Traffic } from '@slack-mcp/test-support/traffic';
import { describe, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY } from './fresh-backend.ts';

const PARTITIONS = [0, 1, 2, 3, 4, 5];

/** A publisher and two members of a group, which work without a pause. */
interface Work {
  readonly traffic: Traffic;
  readonly groupId: string;
  readonly topic: string;
  /** Rejects if a member fails. */
  readonly failed: Promise<never>;
  /** Resolves when this many more messages are confirmed and handled. Rejects if a member fails. */
  more(count: number): Promise<void>;
}

function work(cluster: KafkaCluster): Work {
  const prefix = freshPrefix();
  const options = {
    brokers: cluster.url.split(','),
    prefix,
    partitions: PARTITIONS.length,
    leaseMs: 6_000,
    timeoutMs: 120_000,
  };
  const traffic = new Traffic(KEY);
  traffic.publish(freshBackend(options));
  const members = Array.from(
    { length: 2 },
    (): Subscription => freshBackend(options).consume({ group: 'workers', keys: KEY, ack: 'manual' }),
  );
  const failed = Promise.all(members.map((member) => traffic.consume(member))).then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  const more = (count: number): Promise<void> => Promise.race([traffic.more(count), failed]);
  return { traffic, groupId: `${prefix}workers`, topic: `${prefix}${KEY}`, failed, more };
}

async function judge({ traffic, failed }: Work): Promise<void> {
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
        await running.more(100);
        for (const node of cluster.nodes) {
          await node.stop();
          await running.more(50);
          await node.restart();
          await cluster.untilInSync();
        }
        await judge(running);
      });

      test('when the coordinator of the group is killed', async () => {
        const running = work(cluster);
        await running.more(100);
        const coordinator = await cluster.coordinatorOf(running.groupId);
        await coordinator.kill();
        await running.more(200);
        await waitFor(
          'another coordinator',
          async () => (await cluster.coordinatorOf(running.groupId)) !== coordinator,
        );
        await coordinator.restart();
        await cluster.untilInSync();
        await judge(running);
      });

      test('when the leader of a partition is killed', async () => {
        const running = work(cluster);
        await running.more(100);
        const coordinator = await cluster.coordinatorOf(running.groupId);
        const leaders = await Promise.all(PARTITIONS.map((partition) => cluster.leaderOf(running.topic, partition)));
        // The coordinator has a test of its own.
        const leader = leaders.find((node) => node !== coordinator) as KafkaClusterNode;
        const partition = leaders.indexOf(leader);
        await leader.kill();
        await running.more(200);
        await waitFor('another leader', async () => (await cluster.leaderOf(running.topic, partition)) !== leader);
        await running.more(200);
        await leader.restart();
        await cluster.untilInSync();
        await judge(running);
      });

      test('when a broker does not answer', async () => {
        const running = work(cluster);
        await running.more(100);
        const leader = await cluster.leaderOf(running.topic);
        await leader.pause();
        await running.more(200);
        await leader.resume();
        await cluster.untilInSync();
        await judge(running);
      });
    });
  },
);
