import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

describeWithBroker('kafka', ({ url }) => {
  const brokers = url.split(',');
  const now = Date.now();
  const secondsAgo = (seconds: number): Date => new Date(now - seconds * 1_000);

  /** Stores the messages 1, 2 and 3, published three, two and one minutes ago, and 4, published now. */
  async function storeHistory(prefix: string): Promise<void> {
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const [admin, producer] = [kafka.admin(), kafka.producer()];
    onTestFinished(() => Promise.all([admin.disconnect(), producer.disconnect()]).then(() => {}));
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.createTopics({ topics: [{ topic: `${prefix}${KEY}`, numPartitions: 2 }], waitForLeaders: true });
    const messages = [1, 2, 3].map((n) => ({
      ...{ value: JSON.stringify({ n }), partition: 1, timestamp: String(secondsAgo((4 - n) * 60).getTime()) },
    }));
    await producer.send({ topic: `${prefix}${KEY}`, messages });
    await freshBackend({ brokers, prefix }).publish(KEY, { n: 4 });
  }

  test('a new group starts at a time, and an existing one continues at its position', async () => {
    const prefix = freshPrefix();
    await storeHistory(prefix);
    const backend = freshBackend({ brokers, prefix });
    const options = { group: 'replay', keys: KEY, ack: 'manual' as const };
    const first = backend.consume({ ...options, from: secondsAgo(150) });
    const messages = await receiveMany(first, 3);
    expect(numbersOf(messages).sort()).toEqual([2, 3, 4]);
    for (const message of messages) await message.ack();
    await first.close();
    await backend.publish(KEY, { n: 5 });
    const second = backend.consume({ ...options, from: secondsAgo(600) });
    expect(numbersOf(await receiveMany(second, 1))).toEqual([5]);
  });

  test('a consumer without a group starts at a time', async () => {
    const prefix = freshPrefix();
    await storeHistory(prefix);
    const backend = freshBackend({ brokers, prefix });
    const subscription = backend.consume({ keys: KEY, from: secondsAgo(90) });
    expect(numbersOf(await receiveMany(subscription, 2)).sort()).toEqual([3, 4]);
    await backend.publish(KEY, { n: 5 });
    expect(numbersOf(await receiveMany(subscription, 1))).toEqual([5]);
  });

  test.for(['group', undefined])('a time in the future starts at the end of the log: %s', async (group) => {
    const prefix = freshPrefix();
    await storeHistory(prefix);
    const backend = freshBackend({ brokers, prefix });
    const from = secondsAgo(-600);
    const subscription = backend.consume({ keys: KEY, from, ...(group === undefined ? {} : { group }) });
    await subscription.ready;
    await backend.publish(KEY, { n: 5 });
    expect(numbersOf(await receiveMany(subscription, 1))).toEqual([5]);
  });
});
