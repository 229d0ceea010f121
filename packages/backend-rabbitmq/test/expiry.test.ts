import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { connect } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import { retryDelayMs } from '../src/retry-delay.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
const PATIENT = { timeout: 180_000 };

/** Timeouts of RabbitMQ, shorter than usual. */
const TIMEOUTS = `{rabbit, [
  {dead_letter_worker_publisher_confirm_timeout, 500},
  {consumer_timeout, 1500}, {channel_tick_interval, 500}, {quorum_tick_interval, 500}
]}`;

describeWithOwnBroker(
  'RabbitMQ with short timeouts',
  () => startRabbitMQ({ advanced: [TIMEOUTS] }),
  (broker) => {
    test('delivers a message again that is in flight for too long, and continues', async () => {
      const backend = freshBackend({ url: broker.url, groups: ['workers'], retryDelayMs: 10 });
      await backend.publish(KEY, { n: 1 });
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      const slow = await receive(subscription);
      const again = await receive(subscription);
      expect(again.metadata.messageId).toBe(slow.metadata.messageId);
      expect(slow.signal.aborted).toBe(true);
      await expect(slow.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
      await again.ack();
      await backend.publish(KEY, { n: 2 });
      expect((await receive(subscription)).payload).toEqual({ n: 2 });
    });

    test('expired messages wait until the queue of dead letters can store them', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: [GROUP], messageTtlMs: 50 });
      const letters = backend.deadLetters({ group: GROUP });
      const listed = async (): Promise<string[]> => (await letters.list()).items.map(({ messageId }) => messageId);
      await backend.publish(KEY, {}, { messageId: 'first' });
      await expect.poll(listed, { timeout: 30_000 }).toEqual(['first']);
      const connection = await connect(broker.url);
      onTestFinished(() => connection.close());
      const channel = await connection.createChannel();
      await channel.deleteQueue(`${prefix}${GROUP}::dead-letters`);
      await backend.publish(KEY, {}, { messageId: 'second' });
      // Expired, but it has no place yet.
      const queue = `${prefix}${GROUP}:${KEY}`;
      await expect.poll(async () => (await channel.checkQueue(queue)).messageCount, { timeout: 30_000 }).toBe(0);
      // Another process declares the queue again.
      await freshBackend({ url: broker.url, prefix, groups: [GROUP], messageTtlMs: 50 }).publish('other', {});
      await expect.poll(listed, { timeout: 60_000 }).toContain('second');
    });

    test('a delayed retry arrives although the queue of its group was away when it was due', PATIENT, async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: [GROUP], timeoutMs: 120_000 });
      await backend.publish(KEY, { n: 1 });
      const subscription = backend.consume({ group: GROUP, ack: 'manual' });
      await (await receive(subscription)).nack({ delayMs: 3_000 });
      const queue = `{'%2F_${prefix}${GROUP}:${KEY}', node()}`;
      await broker.evaluate(`ra:stop_server(quorum_queues, ${queue})`);
      const delays = { timeout: 60_000, interval: 500 };
      await expect.poll(() => waiting(), delays).toBe(0);
      await broker.evaluate(`ra:restart_server(quorum_queues, ${queue})`);
      expect((await receive(subscription)).metadata).toMatchObject({ retryCount: 1 });

      /** Messages in the delay queue that are not due. */
      async function waiting(): Promise<number> {
        const connection = await connect(broker.url);
        const channel = await connection.createChannel();
        const { messageCount } = await channel.checkQueue(`${prefix}slack_events:delays:${retryDelayMs(3_000)}`);
        await connection.close();
        return messageCount;
      }
    });
  },
);
