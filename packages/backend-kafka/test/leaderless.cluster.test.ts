import { type KafkaClusterNode, startKafkaCluster } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { partitionFor } from '../src/driver/index.ts';
import { freshBackend, freshPrefix, KEY, keepLogs, numbersOf, receive, receiveMany } from './fresh-backend.ts';

const PARTITIONS = [0, 1, 2, 3, 4, 5];

/** An ordering key of each partition. */
const ORDERING_KEYS = PARTITIONS.map((partition) => {
  let number = 0;
  while (partitionFor(Buffer.from(`C${number}`), PARTITIONS.length) !== partition) number += 1;
  return `C${number}`;
});

describeWithOwnBroker(
  'a partition without a leader',
  () => startKafkaCluster({ properties: ['min.insync.replicas=1'] }),
  (cluster) => {
    test('delays only its own messages, also for clients that start meanwhile', { timeout: 300_000 }, async () => {
      const prefix = freshPrefix();
      const { logger, names } = keepLogs();
      const options = { brokers: cluster.url.split(','), prefix, partitions: PARTITIONS.length, replicas: 1, logger };
      const first = freshBackend(options);
      const publish = (backend: typeof first, n: number) =>
        backend.publish(KEY, { n }, { orderingKey: ORDERING_KEYS[n % PARTITIONS.length] as string });
      await Promise.all(PARTITIONS.map((n) => publish(first, n)));

      const topic = `${prefix}${KEY}`;
      const leaders = await Promise.all(PARTITIONS.map((partition) => cluster.leaderOf(topic, partition)));
      const lost = leaders[0] as KafkaClusterNode;
      const isLost = (n: number): boolean => leaders[n % PARTITIONS.length] === lost;
      await lost.kill();

      const second = freshBackend({ ...options, timeoutMs: 250_000 });
      const later = PARTITIONS.map((n) => n + PARTITIONS.length);
      const stored = later.filter((n) => !isLost(n)).map((n) => publish(second, n));
      const waiting = later.filter(isLost).map((n) => publish(second, n));
      await Promise.all(stored);
      const subscription = freshBackend(options).consume({ group: 'workers', keys: KEY });
      await subscription.ready;
      const available = [...PARTITIONS, ...later].filter((n) => !isLost(n));
      const received = numbersOf(await receiveMany(subscription, available.length));
      expect(received.sort((one, other) => one - other)).toEqual(available);
      expect(names.filter((name) => name === 'queue_partitions_without_leader')).toHaveLength(1);

      await lost.restart();
      await Promise.all(waiting);
      const missing = [...PARTITIONS, ...later].filter(isLost);
      const rest: number[] = [];
      for (const _ of missing) rest.push(...numbersOf([await receive(subscription)]));
      expect(rest.sort((one, other) => one - other)).toEqual(missing);
    });
  },
);
