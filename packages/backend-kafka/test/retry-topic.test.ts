import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { encodedPayload } from '@slack-mcp/core';
import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshBackend, freshPrefix, KEY, keepLogs, numbersOf, receive, receiveMany } from './fresh-backend.ts';

const GROUP = { group: 'workers', keys: KEY, ack: 'manual' as const };

describeWithBroker('kafka', ({ url }) => {
  const options = { brokers: url.split(','), retryMode: 'topic' as const };

  test('later messages of the ordering key do not wait for a nacked message', async () => {
    const backend = freshBackend({ ...options, groups: ['workers'] });
    for (let n = 0; n < 4; n += 1) await backend.publish(KEY, { n }, { orderingKey: 'C1' });
    const subscription = backend.consume(GROUP);
    await (await receive(subscription)).nack({ delayMs: 3_000 });
    const rest = await receiveMany(subscription, 4);
    expect(numbersOf(rest)).toEqual([1, 2, 3, 0]);
    expect(rest.map(({ metadata }) => metadata.retryCount)).toEqual([0, 0, 0, 1]);
  });

  test('the group continues behind a nacked message, which keeps its bytes and its metadata', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ ...options, prefix, groups: ['workers'] });
    const text = '{ "n": 9007199254740993 }';
    const about = { messageId: 'Ev1', orderingKey: 'C1', headers: { trace: 'a b' } };
    await backend.publish(KEY, encodedPayload(text), about);
    const subscription = backend.consume(GROUP);
    const message = await receive(subscription);
    await message.nack();
    const again = await receive(subscription);
    await again.nack({ delayMs: 50 });
    const last = await receive(subscription);
    expect(last.metadata).toEqual({ ...message.metadata, retryCount: 2, deliveryCount: 3 });
    await last.deadLetter({ code: 'TEST' });
    const letters = backend.deadLetters({ group: 'workers', keys: [KEY] });
    const { items } = await letters.list();
    expect(items).toMatchObject([{ messageId: 'Ev1', retryCount: 2, headers: { trace: 'a b' }, orderingKey: 'C1' }]);
    const admin = new Kafka({ brokers: options.brokers, logLevel: logLevel.NOTHING }).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    const [stored] = await admin.fetchOffsets({ groupId: `${prefix}workers`, topics: [`${prefix}${KEY}`] });
    expect(stored?.partitions).toMatchObject([{ offset: '1' }]);
    await letters.redrive('all');
    expect((await receive(subscription)).metadata).toMatchObject({ messageId: 'Ev1', retryCount: 0, deliveryCount: 1 });
  });

  test('another group does not receive the retries, and health() counts them', async () => {
    const groups = ['workers', 'others'];
    const backend = freshBackend({ ...options, groups, keys: [KEY] });
    await backend.publish(KEY, { n: 1 });
    const [subscription, other] = [backend.consume(GROUP), backend.consume({ ...GROUP, group: 'others' })];
    await (await receive(other)).ack();
    await (await receive(subscription)).nack({ delayMs: 600_000 });
    expect(await backend.health()).toMatchObject({ backlog: 1, detail: { [`${KEY} workers lag`]: 1 } });
    await backend.publish(KEY, { n: 2 });
    expect(numbersOf(await receiveMany(other, 1))).toEqual([2]);
  });

  test('a delay outlives the consumer', async () => {
    const prefix = freshPrefix();
    const first = freshBackend({ ...options, prefix, groups: ['workers'] });
    await first.publish(KEY, { n: 1 });
    const message = await receive(first.consume(GROUP));
    const start = performance.now();
    await message.nack({ delayMs: 1_500 });
    await first.close();
    const second = freshBackend({ ...options, prefix });
    expect(numbersOf(await receiveMany(second.consume(GROUP), 1))).toEqual([1]);
    expect(performance.now() - start).toBeGreaterThan(1_495);
  });

  test('a message that Kafka does not store in the retry topic stays in its partition', async () => {
    const prefix = freshPrefix();
    const { logger, names } = keepLogs();
    const admin = new Kafka({ brokers: options.brokers, logLevel: logLevel.NOTHING }).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    const configEntries = [{ name: 'max.message.bytes', value: '200' }];
    const topics = [{ topic: `${prefix}${KEY}.workers.again`, numPartitions: 1, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: true });
    const backend = freshBackend({ ...options, prefix, logger, groups: ['workers'] });
    for (let n = 0; n < 2; n += 1) await backend.publish(KEY, { n, text: 'x'.repeat(500) }, { orderingKey: 'C1' });
    const subscription = backend.consume(GROUP);
    await (await receive(subscription)).nack();
    const rest = await receiveMany(subscription, 1);
    await rest[0]?.ack();
    rest.push(await receive(subscription));
    expect(numbersOf(rest)).toEqual([0, 1]);
    await vi.waitFor(() => expect(names).toContain('queue_retry_not_stored'), 20_000);
  });
});
