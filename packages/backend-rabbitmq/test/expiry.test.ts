import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { connect } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import { retryDelayMs } from '../src/retry-delay.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
const PATIENT = { timeout: 180_000 };

describeWithOwnBroker(
  'messages that expire in RabbitMQ',
  () => startRabbitMQ({ advanced: ['{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 500}]}'] }),
  (broker) => {
    test('wait until the queue of dead letters can store them', async () => {
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
