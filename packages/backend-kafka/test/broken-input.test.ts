import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { isQueueError } from '@slack-mcp/core';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshBackend, freshPrefix, KEY, keepLogs, numbersOf, receiveMany } from './fresh-backend.ts';

async function connect(url: string): Promise<{ admin: Admin; producer: Producer }> {
  const kafka = new Kafka({ brokers: url.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: () => () => 0 });
  onTestFinished(async () => {
    await admin.disconnect();
    await producer.disconnect();
  });
  await Promise.all([admin.connect(), producer.connect()]);
  return { admin, producer };
}

describeWithBroker('kafka', ({ url }) => {
  const brokers = url.split(',');

  test('parks records of other programs that are not JSON objects, and tombstones', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix, groups: ['workers'] });
    const { producer } = await connect(url);
    await backend.publish(KEY, { n: 1 });
    const messages = [
      { key: 'k', value: null },
      { value: 'text' },
      { key: 'C1', value: '{"n":2}', headers: { a: ['1', '2'] } },
    ];
    await producer.send({ topic: `${prefix}${KEY}`, acks: -1, messages });
    const received = await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 2);
    expect(numbersOf(received)).toEqual([1, 2]);
    expect(received[1]?.metadata).toMatchObject({ orderingKey: 'C1', messageId: `${prefix}${KEY}-0-3` });
    const letters = backend.deadLetters({ group: 'workers', keys: [KEY] });
    await vi.waitFor(async () => expect((await letters.list()).items).toHaveLength(2), 10_000);
    const { items } = await letters.list();
    expect(items.map(({ raw, reason }) => [String(Buffer.from(raw ?? [])), reason.code])).toEqual([
      ['', 'UNDECODABLE'],
      ['text', 'UNDECODABLE'],
    ]);
  });

  test('refuses only the message that exceeds the limit of the topic, and stores its neighbours', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix, groups: ['workers'] });
    const { admin } = await connect(url);
    const configEntries = [{ name: 'max.message.bytes', value: '5000' }];
    await admin.createTopics({
      topics: [{ topic: `${prefix}${KEY}`, numPartitions: 1, configEntries }],
      waitForLeaders: true,
    });
    const publishing = Array.from({ length: 20 }, (_, n) =>
      backend.publish(KEY, n === 7 ? { n, text: 'x'.repeat(6_000) } : { n }).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    const errors = await Promise.all(publishing);
    expect(errors.filter((error) => error !== undefined)).toHaveLength(1);
    expect(isQueueError(errors[7], 'ERR_QUEUE_PAYLOAD_TOO_LARGE')).toBe(true);
    const received = await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 19);
    expect(numbersOf(received)).toEqual(Array.from({ length: 20 }, (_, n) => n).filter((n) => n !== 7));
  });

  test('continues with the oldest message if others expired before the group read them', async () => {
    const prefix = freshPrefix();
    const { logger, names, entries } = keepLogs();
    const backend = freshBackend({ brokers, prefix, logger, groups: ['workers'] });
    const topic = `${prefix}${KEY}`;
    for (let n = 0; n < 10; n += 1) await backend.publish(KEY, { n });
    const first = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const [zero, one] = await receiveMany(first, 3);
    await zero?.ack();
    await one?.ack();
    await first.close({ drainTimeoutMs: 0 });
    const { admin } = await connect(url);
    // The library deletes records only of topics that it has asked for.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    const received = await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 4);
    expect(numbersOf(received)).toEqual([6, 7, 8, 9]);
    expect(entries[names.indexOf('queue_messages_expired')]).toMatchObject({ topic, partition: 0, lost: 4 });
  });

  test('warns before messages expire that a group has not settled', async () => {
    const prefix = freshPrefix();
    const { logger, names, entries } = keepLogs();
    const { admin, producer } = await connect(url);
    const topic = `${prefix}${KEY}`;
    const configEntries = [{ name: 'retention.ms', value: '60000' }];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
    const backend = freshBackend({ brokers, prefix, logger, groups: ['workers'], keys: [KEY] });
    await backend.publish(KEY, { n: 1 });
    expect(await backend.health()).toMatchObject({ status: 'up', backlog: 1 });
    await producer.send({ topic, messages: [{ value: '{"n":2}', timestamp: String(Date.now() - 50_000) }] });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const [first, second] = await receiveMany(subscription, 2);
    await first?.ack();
    const health = await backend.health();
    expect(health).toMatchObject({ status: 'degraded', backlog: 1 });
    expect(health.detail[`${KEY} workers expiresInMs`]).toBeLessThanOrEqual(10_000);
    const another = freshBackend({ brokers, prefix, logger, groups: ['workers'], keys: [KEY] });
    await another.consume({ group: 'workers', keys: KEY }).ready;
    await vi.waitFor(() => expect(names).toContain('queue_messages_expiring'), 10_000);
    expect(entries[names.indexOf('queue_messages_expiring')]).toMatchObject({ key: KEY, group: 'workers', lag: 1 });
    await second?.ack();
    expect(await backend.health()).toMatchObject({ status: 'up', backlog: 0 });
  });

  test('says what to do about records with a compression that it does not support', async () => {
    const prefix = freshPrefix();
    const { admin } = await connect(url);
    const configEntries = [{ name: 'compression.type', value: 'snappy' }];
    const topics = [{ topic: `${prefix}${KEY}`, numPartitions: 1, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: true });
    const backend = freshBackend({ brokers, prefix });
    await backend.publish(KEY, { n: 1 });
    await expect(backend.consume({ group: 'workers', keys: KEY }).next()).rejects.toMatchObject({
      code: 'ERR_QUEUE_CONSUME',
      retryable: false,
      message: expect.stringContaining('use gzip'),
    });
  });

  test('says what to do if the number of replicas exceeds the number of brokers', async () => {
    const backend = freshBackend({ brokers, replicas: 3 });
    await expect(backend.publish(KEY, {}, { timeoutMs: 1_000 })).rejects.toThrow(/check KAFKA_REPLICAS/);
  });

  test('a topic that collides with another name is an error that does not pass', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix });
    await backend.publish('a.b', {});
    const publishing = backend.publish('a_b', {});
    await expect(publishing).rejects.toMatchObject({ code: 'ERR_QUEUE_TOPOLOGY', retryable: false });
  });

  test('an address without a broker is a connection error that names it', async () => {
    const backend = freshBackend({ brokers: ['127.0.0.1:1'] });
    const publishing = backend.publish(KEY, {}, { timeoutMs: 500 });
    await expect(publishing).rejects.toMatchObject({ code: 'ERR_QUEUE_CONNECTION_REFUSED', retryable: true });
    expect(await backend.health()).toMatchObject({ status: 'down', detail: { endpoint: '127.0.0.1:1' } });
  });
});
