import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

async function connect(url: string): Promise<Admin> {
  const admin = new Kafka({ brokers: url.split(','), logLevel: logLevel.NOTHING }).admin();
  onTestFinished(() => admin.disconnect());
  await admin.connect();
  return admin;
}

describeWithBroker('kafka', ({ url }) => {
  const brokers = url.split(',');

  test('messages that expire while a consumer has them can still be retried and parked', async () => {
    const prefix = freshPrefix();
    const topic = `${prefix}${KEY}`;
    const backend = freshBackend({ brokers, prefix, groups: ['workers'] });
    for (let n = 0; n < 3; n += 1) await backend.publish(KEY, { n });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const [first, second, third] = await receiveMany(subscription, 3);
    const admin = await connect(url);
    // The library deletes records only of topics that it has asked for.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    await first?.ack();
    await second?.nack();
    await third?.deadLetter({ code: 'TEST' });
    const again = await receiveMany(subscription, 1);
    expect(numbersOf(again)).toEqual([1]);
    await again[0]?.ack();
    const { items } = await backend.deadLetters({ group: 'workers', keys: [KEY] }).list();
    expect(items.map(({ payload }) => payload)).toEqual([{ n: 2 }]);
    expect(await backend.health()).toMatchObject({ status: 'up' });
  });

  test('a consumer without a group receives what is published after its topic was deleted', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix });
    const subscription = backend.consume({ keys: KEY });
    await subscription.ready;
    // The new topic ends before the position of the consumer.
    for (let n = 0; n < 20; n += 1) await backend.publish(KEY, { n });
    expect(numbersOf(await receiveMany(subscription, 20))).toHaveLength(20);
    const admin = await connect(url);
    await admin.deleteTopics({ topics: [`${prefix}${KEY}`] });
    await vi.waitFor(async () => expect(await admin.listTopics()).not.toContain(`${prefix}${KEY}`), 10_000);
    await backend.publish(KEY, { n: 100 });
    expect(numbersOf(await receiveMany(subscription, 1))).toEqual([100]);
  });
});
