import { createFaultProxy, startKafka, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { expect, onTestFinished, test } from 'vitest';
import { KafkaLink, MAIN, partitionFor } from '../src/driver/index.ts';
import { resolveOptions } from '../src/options.ts';
import { freshBackend, freshPrefix, KEY, keepLogs, receive } from './fresh-backend.ts';
import { KafkaInspector } from './kafka-inspector.ts';
import { testManyKeys } from './many-keys.ts';

/** An ordering key of each of two partitions. */
const KEYS = [0, 1].map((partition) => {
  const names = Array.from({ length: 100 }, (_, index) => `C${index}`);
  return names.find((name) => partitionFor(Buffer.from(name), 2) === partition) as string;
});

/** Passes on and acks the messages of a subscription until it ends. */
async function ackAll(subscription: Subscription, onNumber: (n: number) => void = () => {}): Promise<void> {
  for (;;) {
    const { done, value } = await subscription.next();
    if (done) return;
    onNumber(value.payload['n'] as number);
    await value.ack().catch(() => {});
  }
}

const proxy = await createFaultProxy({ target: { port: 1 } });

describeWithOwnBroker(
  'kafka whose groups change',
  () => startKafka({ proxy, properties: ['group.min.session.timeout.ms=100'] }),
  (broker) => {
    const options = () => ({ brokers: [broker.url], prefix: freshPrefix(), partitions: 2, leaseMs: 2_000 });

    test('messages behind one that is processed for long do not wait when another member joins', async () => {
      const ours = options();
      const backend = freshBackend(ours);
      for (const orderingKey of KEYS) await backend.publish(KEY, { n: -1 }, { orderingKey });
      const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
      // A message of each partition is processed for long, so that no partition can be given up.
      const held: QueueMessage[] = [await receive(subscription), await receive(subscription)];
      const other = freshBackend(ours).consume({ group: 'workers', keys: KEY, ack: 'manual' });
      await other.ready;
      const here: number[] = [];
      const there: number[] = [];
      void ackAll(subscription, (n) => here.push(n));
      void ackAll(other, (n) => there.push(n));
      for (const orderingKey of KEYS) await backend.publish(KEY, { n: 0 }, { orderingKey });
      await waitFor('the messages', () => here.length === 2);
      expect(there).toEqual([]);
      // Once they are settled, the other member receives its share.
      for (const message of held) await message.ack();
      await waitFor('a message at the other member', async () => {
        for (const orderingKey of KEYS) await backend.publish(KEY, { n: 1 }, { orderingKey });
        return there.length > 0;
      });
    });

    test('a lease that is lost in an outage is logged once, however long the outage', async () => {
      const { logger, names } = keepLogs();
      const ours = { ...options(), logger, retryDelayMs: 10 };
      const subscription = freshBackend(ours).consume({ group: 'workers', keys: KEY, ack: 'manual' });
      await subscription.ready;
      const count = (name: string): number => names.filter((each) => each === name).length;
      const { target } = proxy;
      try {
        // The proxy accepts connections and closes them at once.
        proxy.target = { port: 1 };
        proxy.reset();
        await waitFor('the lease to be lost', () => count('queue_lease_lost') > 0);
        const before = proxy.accepted;
        await waitFor('more attempts to join', () => proxy.accepted > before + 50);
      } finally {
        proxy.target = target;
      }
      await freshBackend(ours).publish(KEY, { n: 1 });
      expect((await receive(subscription)).payload).toEqual({ n: 1 });
      expect(count('queue_lease_lost')).toBe(1);
      expect(count('queue_group_interrupted')).toBeLessThan(5);
    });

    test('a connection that is released while its address is looked up is not opened', async () => {
      const link = new KafkaLink(resolveOptions(options()));
      onTestFinished(() => link.close());
      await link.refresh([]);
      const { accepted } = proxy;
      link.reserve('group-1');
      const opening = link.coordinator(freshPrefix(), 'group-1');
      link.release('group-1');
      await expect(opening).rejects.toThrow();
      expect(proxy.accepted).toBe(accepted);
    });

    test('a broker that is also a bootstrap server keeps one connection after an outage', async () => {
      const link = new KafkaLink(resolveOptions(options()));
      onTestFinished(() => link.close());
      // Ends the connections of earlier tests.
      proxy.reset();
      await link.refresh([]);
      await waitFor('one connection', () => proxy.connections === 1);
      const { target } = proxy;
      proxy.target = { port: 1 };
      proxy.reset();
      try {
        // The first attempt meets the connection that was reset, the second one finds no broker.
        for (let attempt = 0; attempt < 2; attempt += 1) await expect(link.refresh([])).rejects.toThrow();
      } finally {
        proxy.target = target;
      }
      await Promise.all([link.node(1, MAIN), link.refresh([])]);
      await waitFor('one connection', () => proxy.connections === 1);
      await link.refresh([]);
    });

    test('a commit that arrives late does not replace the state that a later one stored', async () => {
      const ours = { ...options(), requestTimeoutMs: 300 };
      const inspector = new KafkaInspector(broker.harnessUrl);
      onTestFinished(() => inspector.close());
      const members = [freshBackend(ours), freshBackend(ours)];
      const subscriptions = members.map((member) => member.consume({ group: 'workers', keys: KEY, ack: 'manual' }));
      await Promise.all(subscriptions.map(({ ready }) => ready));
      const publisher = freshBackend(ours);
      for (const orderingKey of KEYS) {
        for (let n = 0; n < 3; n += 1) await publisher.publish(KEY, { n }, { orderingKey });
      }
      const messages: QueueMessage[] = [];
      for (const subscription of subscriptions) {
        void (async () => {
          for (;;) messages.push(await receive(subscription));
        })().catch(() => {});
      }
      await waitFor('the messages', () => messages.length === 6);
      const numbered = (n: number): QueueMessage[] => messages.filter(({ payload }) => payload['n'] === n);
      proxy.stall('to-broker');
      const late = numbered(0).map((message) => message.ack());
      await waitFor('the commits to be held back', () => proxy.heldBytes > 0);
      await Promise.all(late);
      for (const message of [...numbered(1), ...numbered(2)]) await message.ack();
      await proxy.heal();
      for (let read = 0; read < 20; read += 1) {
        expect(await inspector.depthOf(`${ours.prefix}${KEY}`, `${ours.prefix}workers`)).toBe(0);
      }
    });

    testManyKeys(broker.url, proxy);
  },
);
