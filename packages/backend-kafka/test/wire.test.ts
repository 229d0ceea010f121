import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { encodedPayload } from '@slack-mcp/core';
import { type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { partitionFor } from '../src/driver/index.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

function foreign(url: string): Kafka {
  return new Kafka({ brokers: url.split(','), logLevel: logLevel.NOTHING });
}

/** Reads with the library's own consumer, as a program that knows nothing of this package. */
async function read(kafka: Kafka, groupId: string, topic: string, count: number): Promise<KafkaMessage[]> {
  const consumer: Consumer = kafka.consumer({ groupId });
  onTestFinished(() => consumer.disconnect());
  const messages: KafkaMessage[] = [];
  const done = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    async eachMessage({ message }) {
      if (messages.push(message) === count) done.resolve();
    },
  });
  await done.promise;
  return messages;
}

describeWithBroker('kafka', ({ url }) => {
  const brokers = url.split(',');

  test('the value of a record is the payload, byte for byte, and its key the ordering key', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix });
    const text = '{ "big": 9007199254740993,\n\t"text": "é" }';
    await backend.publish(KEY, encodedPayload(text), {
      messageId: 'Ev1',
      orderingKey: 'C1',
      headers: { trace: 'a b' },
    });
    const [record] = await read(foreign(url), `${prefix}reader`, `${prefix}${KEY}`, 1);
    expect(record?.value?.toString()).toBe(text);
    expect(record?.key?.toString()).toBe('C1');
    const headers = Object.entries(record?.headers ?? {}).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(headers)).toMatchObject({ trace: 'a b', 'slack-mcp-message-id': 'Ev1' });
  });

  test('another client with the id of the group continues at the first message that is not settled', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix });
    for (const n of [0, 1, 2, 3, 4]) await backend.publish(KEY, { n });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const messages = await receiveMany(subscription, 5);
    for (const n of [0, 1, 3]) await messages[n]?.ack();
    await subscription.close({ drainTimeoutMs: 0 });
    const records = await read(foreign(url), `${prefix}workers`, `${prefix}${KEY}`, 3);
    expect(records.map(({ value }) => JSON.parse(String(value)))).toEqual([{ n: 2 }, { n: 3 }, { n: 4 }]);
  });

  test('continues where another client with the id of the group has committed, and ignores its metadata', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers, prefix });
    for (const n of [0, 1, 2, 3]) await backend.publish(KEY, { n });
    const admin = foreign(url).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    const topic = `${prefix}${KEY}`;
    await admin.setOffsets({ groupId: `${prefix}workers`, topic, partitions: [{ partition: 0, offset: '2' }] });
    const subscription = backend.consume({ group: 'workers', keys: KEY });
    expect(numbersOf(await receiveMany(subscription, 2))).toEqual([2, 3]);
  });

  test.for(['foobar', 'a-little-bit-long-string', 'C024BE91L'])(
    'chooses the partition that the Java client chooses: %s',
    (key) => {
      const partition = partitionFor(Buffer.from(key), 10);
      expect(partition).toBe(javaPartition(Buffer.from(key), 10));
    },
  );
});

/** The algorithm of the Java client, written for 32-bit integers. */
function javaPartition(data: Buffer, partitions: number): number {
  const m = 0x5bd1e995;
  let hash = 0x9747b28c ^ data.length;
  const words = data.length >> 2;
  for (let index = 0; index < words; index += 1) {
    let k = Math.imul(data.readInt32LE(index * 4), m);
    k = Math.imul(k ^ (k >>> 24), m);
    hash = Math.imul(hash, m) ^ k;
  }
  const rest = data.subarray(words * 4);
  if (rest.length > 2) hash ^= (rest[2] as number) << 16;
  if (rest.length > 1) hash ^= (rest[1] as number) << 8;
  if (rest.length > 0) hash = Math.imul(hash ^ (rest[0] as number), m);
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return ((hash ^ (hash >>> 15)) & 0x7fffffff) % partitions;
}
