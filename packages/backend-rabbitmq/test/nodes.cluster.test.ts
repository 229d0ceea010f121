import { RabbitMQAlarms, type RabbitMQClusterNode, startRabbitMQCluster } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Traffic } from '@slack-mcp/test-support/traffic';
import { expect, test } from 'vitest';
import type { RabbitMQBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
/** Messages that wait in the cluster during a fault. */
const RESTING = 200;
const LONG = { timeout: 400_000 };
const PATIENCE = { timeout: 60_000, interval: 50 };

describeWithOwnBroker(
  'a RabbitMQ cluster of three nodes',
  () => startRabbitMQCluster(),
  (cluster) => {
    /** Connects to `first` while it is available. */
    const connectedTo = (first: RabbitMQClusterNode, prefix: string): RabbitMQBackend => {
      const nodes = [first, ...cluster.nodes.filter((node) => node !== first)];
      const hosts = nodes.map(({ proxy }) => ({ host: '127.0.0.1', port: proxy.port }));
      return freshBackend({ hosts, prefix, groups: [GROUP], heartbeatMs: 2_000, timeoutMs: 120_000 });
    };

    /** Runs a fault of the node that leads the queue, while messages rest in the cluster and others are on their way. */
    async function expectNoLoss(
      connected: 'publisher' | 'consumer',
      fault: (node: RabbitMQClusterNode, traffic: Traffic) => Promise<void>,
    ): Promise<void> {
      const prefix = freshPrefix();
      const [any] = cluster.nodes as [RabbitMQClusterNode];
      const resting = Array.from({ length: RESTING }, (_, n) => `resting-${n}`);
      const first = connectedTo(any, prefix);
      await Promise.all(resting.map((messageId) => first.publish('resting', {}, { messageId })));
      const declaring = first.consume({ keys: [KEY], group: GROUP });
      await declaring.ready;
      await declaring.close();
      const leader = await cluster.nodeOf(`${prefix}${GROUP}:${KEY}`);
      const other = cluster.nodes.find((node) => node !== leader) as RabbitMQClusterNode;
      const traffic = new Traffic(KEY);
      const consumer = connectedTo(connected === 'consumer' ? leader : other, prefix);
      const consuming = traffic.consume(consumer.consume({ keys: [KEY], group: GROUP, ack: 'manual' }));
      const failed = consuming.then(() => new Promise<never>(() => {}));
      failed.catch(() => {});
      traffic.publish(connectedTo(connected === 'publisher' ? leader : other, prefix));
      await traffic.more(100);
      await fault(leader, traffic);
      await traffic.more(300);
      await Promise.race([traffic.finish(), failed]);
      const found = new Set<string>();
      const subscription = connectedTo(leader, prefix).consume({ keys: ['resting'], group: GROUP });
      while (found.size < RESTING) found.add((await receive(subscription)).metadata.messageId);
      expect([...found].sort()).toEqual(resting.sort());
      await expect.poll(async () => (await consumer.health()).status, PATIENCE).toBe('up');
    }

    test.for(['publisher', 'consumer'] as const)('loses nothing when the node of the %s is killed', LONG, (connected) =>
      expectNoLoss(connected, async (node, traffic) => {
        await node.kill();
        await traffic.more(500);
        await node.restart();
        await cluster.untilWhole();
      }),
    );

    test.for(['publisher', 'consumer'] as const)(
      'loses nothing when the node of the %s is separated from the others and returns',
      LONG,
      (connected) =>
        expectNoLoss(connected, async (node, traffic) => {
          await node.pause();
          await cluster.untilMissed(node);
          await traffic.more(500);
          await node.resume();
          await cluster.untilWhole();
        }),
    );

    test('loses nothing when one node after the other is restarted', LONG, () =>
      expectNoLoss('consumer', async (_, traffic) => {
        for (const node of cluster.nodes) {
          await node.stop();
          await traffic.more(100);
          await node.restart();
          await cluster.untilWhole();
        }
      }),
    );

    test('is degraded while any node is short of disk space, and publishes afterwards', LONG, async () => {
      const [one, other] = cluster.nodes as [RabbitMQClusterNode, RabbitMQClusterNode];
      const backend = connectedTo(one, freshPrefix());
      await backend.publish(KEY, { n: 1 });
      const alarms = new RabbitMQAlarms(other);
      await alarms.raise('disk');
      const blocked = backend.publish(KEY, { n: 2 });
      await expect
        .poll(() => backend.health(), PATIENCE)
        .toMatchObject({ status: 'degraded', detail: { blocked: expect.stringMatching(/low on disk/) } });
      await alarms.clear('disk');
      await blocked;
      await expect.poll(async () => (await backend.health()).status, PATIENCE).toBe('up');
    });

    test('keeps a new queue when the node with its leader is killed at once', LONG, async () => {
      const prefix = freshPrefix();
      const [any] = cluster.nodes as [RabbitMQClusterNode];
      await connectedTo(any, prefix).publish(KEY, { n: 1 });
      const leader = await cluster.nodeOf(`${prefix}${GROUP}:${KEY}`);
      await leader.kill();
      const other = cluster.nodes.find((node) => node !== leader) as RabbitMQClusterNode;
      const subscription = connectedTo(other, prefix).consume({ group: GROUP });
      expect((await receive(subscription)).payload).toEqual({ n: 1 });
      await leader.restart();
      await cluster.untilWhole();
    });
  },
);
