import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaClusterNode, namespace, startKafkaCluster, waitFor } from '../src/index.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'a kafka cluster',
  () => startKafkaCluster(),
  (cluster) => {
    const kafka = new Kafka({
      brokers: cluster.nodes.map(({ url }) => url),
      logLevel: logLevel.NOTHING,
      // How long a client waits for a paused broker.
      requestTimeout: 3_000,
      retry: { retries: 30 },
    });
    const topic = namespace('topic');
    const group = namespace('group');
    // The client library looks for another leader when its metadata is old, not when a request has timed out.
    const producer = kafka.producer({ idempotent: true, metadataMaxAge: 2_000 });
    const consumer = kafka.consumer({ groupId: group, sessionTimeout: 10_000, metadataMaxAge: 2_000 });
    const received: string[] = [];
    const send = (value: string): Promise<true> =>
      waitFor(`${value} to be acknowledged`, async () => {
        await producer.send({ topic, acks: -1, messages: [{ value }] });
        return true as const;
      });

    /** Resolves when the cluster has replaced a node, after the end of that node's session. */
    const another = (node: KafkaClusterNode, find: () => Promise<KafkaClusterNode>): Promise<true> =>
      waitFor('another node', async () => (await find()) !== node || undefined);

    beforeAll(async () => {
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: topic, configNames: ['min.insync.replicas'] }],
      });
      expect(resources[0]?.configEntries[0]?.configValue).toBe('2');
      await admin.disconnect();
      await producer.connect();
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => {
          received.push(String(message.value));
        },
      });
    });
    afterAll(async () => {
      await Promise.allSettled([producer.disconnect(), consumer.disconnect()]);
    });

    test('keeps acknowledged messages when the leader is killed, and accepts it again', async () => {
      await send('before');
      const leader = await cluster.leaderOf(topic);
      await leader.kill();
      await send('without its leader');
      await another(leader, () => cluster.leaderOf(topic));
      await leader.restart();
      await cluster.untilInSync();
      await waitFor('both', () => received.includes('before') && received.includes('without its leader'));
    });

    test('continues when the coordinator of a group is killed', async () => {
      const coordinator = await cluster.coordinatorOf(group);
      await coordinator.kill();
      await another(coordinator, () => cluster.coordinatorOf(group));
      await send('without its coordinator');
      await waitFor('the message', () => received.includes('without its coordinator'));
      await coordinator.restart();
      await cluster.untilInSync();
    });

    test('lets clients of a disconnected leader wait, and continues', async () => {
      const leader = await cluster.leaderOf(topic);
      leader.proxy.refuse();
      leader.proxy.reset();
      let stored = false;
      const sending = send('late').then(() => {
        stored = true;
      });
      // Brokers connect to each other without the proxies: the leader stays, and its clients have to wait.
      expect(await cluster.leaderOf(topic)).toBe(leader);
      expect(stored).toBe(false);
      await leader.proxy.heal();
      await sending;
      await waitFor('the message', () => received.includes('late'));
    });

    test('elects another leader while one is paused', async () => {
      const leader = await cluster.leaderOf(topic);
      await leader.pause();
      await another(leader, () => cluster.leaderOf(topic));
      await send('without the paused leader');
      await leader.resume();
      await cluster.untilInSync();
      await waitFor('the message', () => received.includes('without the paused leader'));
    });
  },
);
