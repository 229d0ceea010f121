import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { createFaultProxy, namespace, readEnvironment, startKafka, waitFor } from '../src/index.ts';
import { satisfies } from '../src/version.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'kafka under faults',
  async () => {
    const proxy = await createFaultProxy();
    return Object.assign(await startKafka({ proxy }), { proxy });
  },
  (broker) => {
    const { proxy } = broker;
    const open: (Producer | Consumer)[] = [];
    const kafka = new Kafka({ brokers: [broker.url], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
    const producer = async (): Promise<Producer> => {
      const producer = kafka.producer();
      open.push(producer);
      await producer.connect();
      return producer;
    };
    /** Creates a topic. Resolves when it has leaders. */
    const create = async (topic: string): Promise<void> => {
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
      await admin.disconnect();
    };
    const publish = async (topic: string, value: string): Promise<void> => {
      await create(topic);
      await (await producer()).send({ topic, acks: -1, messages: [{ value }] });
    };
    /** The values of a topic from its beginning. New values are added as they arrive. */
    const consume = async (topic: string): Promise<string[]> => {
      const values: string[] = [];
      const consumer = kafka.consumer({ groupId: namespace('group') });
      open.push(consumer);
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
        },
      });
      return values;
    };
    afterAll(async () => {
      await Promise.allSettled(open.map((client) => client.disconnect()));
      await proxy.close();
    });

    test('starts the requested version', ({ annotate }) => {
      expect(broker.version).toSatisfy((version) => satisfies(version, readEnvironment().versions.kafka ?? '4'));
      return annotate(`kafka ${broker.version} is up after ${broker.startupMs} ms (${broker.source})`);
    });

    test('keeps acknowledged messages through SIGKILL and restart, on the same port', async () => {
      await publish('survives', 'once');
      const { pid } = broker;
      await broker.kill();
      expect(broker.pid).toBeUndefined();
      await broker.restart();
      expect(broker.pid).not.toBe(pid);
      const values = await consume('survives');
      await waitFor('the message', () => values.length > 0);
      expect(values).toEqual(['once']);
    });

    test('keeps acknowledged messages through a graceful stop', async () => {
      await publish('kept', 'yes');
      await broker.stop();
      await broker.restart();
      const values = await consume('kept');
      await waitFor('the message', () => values.length > 0);
    });

    test('resets the connections of its clients through the proxy, and clients reconnect', async () => {
      await create('flaps');
      const sender = await producer();
      await sender.send({ topic: 'flaps', acks: -1, messages: [{ value: 'before' }] });
      expect(proxy.connections).toBeGreaterThan(0);
      const present = proxy.accepted;
      await broker.closeConnections();
      await waitFor('a send to succeed again', async () => {
        await sender.send({ topic: 'flaps', acks: -1, messages: [{ value: 'after' }] });
        return true;
      });
      expect(proxy.accepted).toBeGreaterThan(present);
    });

    test('acknowledges nothing during a blackhole, and delayed messages after it', async () => {
      await create('beyond');
      const sender = await producer();
      await sender.send({ topic: 'beyond', acks: -1, messages: [{ value: 'before' }] });
      proxy.blackhole();
      let acknowledged = false;
      const sending = sender.send({ topic: 'beyond', acks: -1, messages: [{ value: 'late' }] }).then(() => {
        acknowledged = true;
      });
      await waitFor('the request to be held back', () => proxy.heldBytes > 0);
      expect(acknowledged).toBe(false);
      await proxy.heal();
      await sending;
    });

    test('is empty after a wipe', async () => {
      await publish('gone', 'soon');
      const admin = kafka.admin();
      await admin.connect();
      expect(await admin.listTopics()).toContain('gone');
      await broker.wipe();
      const topics = await admin.listTopics();
      expect(topics.filter((topic) => !topic.startsWith('__'))).toEqual([]);
      // Clients that still request the topic, as in the tests above, do not create it again.
      const hasty = new Kafka({ brokers: [broker.url], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).producer();
      open.push(hasty);
      await hasty.connect();
      await expect(hasty.send({ topic: 'gone', messages: [{ value: 'again' }] })).rejects.toThrow(/does not host/);
      expect(await admin.listTopics()).not.toContain('gone');
      await admin.disconnect();
    });
  },
);
