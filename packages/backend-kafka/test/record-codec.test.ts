import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import { expect, test } from 'vitest';
import type { IncomingRecord, OutgoingRecord } from '../src/driver/api.ts';
import { crc32c } from '../src/driver/crc32c.ts';
import { decodeFetch } from '../src/driver/fetch-response.ts';
import { encodeProduce } from '../src/driver/produce-request.ts';

const TOPIC = 'bench';
/** The position of the batches in a request with one topic of this name and one partition. */
const BATCHES_AT = 2 + 2 + 4 + 4 + 2 + TOPIC.length + 4 + 4;

const records: OutgoingRecord[] = [
  { key: Buffer.from('C1'), value: Buffer.from('{"n":1}'), timestamp: 1_700_000_000_500, headers: { a: 'ü', b: '' } },
  { key: null, value: null, timestamp: 1_700_000_000_000, headers: {} },
  { key: Buffer.alloc(0), value: randomBytes(20_000), timestamp: 1_700_000_900_000, headers: { 'slack-mcp-x': '🖖' } },
];

/** The batches of a request to produce, after their length in 32 bits. */
function batchOf(messages: readonly OutgoingRecord[]): Buffer {
  const topicData = [{ topic: TOPIC, partitions: [{ partition: 0, firstSequence: 7, messages }] }];
  const body = encodeProduce({ acks: -1, timeout: 1, producerId: '9000', producerEpoch: 3, topicData });
  return body.subarray(BATCHES_AT);
}

/** A response of a fetch with one partition. */
function responseWith(batches: Buffer, aborted: readonly [producerId: number, firstOffset: number][] = []): Buffer {
  const head = Buffer.alloc(4 + 2 + 4 + 4 + 2 + TOPIC.length + 4 + 4 + 2 + 24 + 4 + 16 * aborted.length + 4 + 4);
  head.writeInt32BE(1, 10);
  head.writeInt16BE(TOPIC.length, 14);
  head.write(TOPIC, 16);
  const at = 16 + TOPIC.length;
  head.writeInt32BE(1, at);
  head.writeInt32BE(5, at + 4);
  head.writeInt32BE(aborted.length, at + 34);
  for (const [index, [producerId, firstOffset]] of aborted.entries()) {
    head.writeBigInt64BE(BigInt(producerId), at + 38 + 16 * index);
    head.writeBigInt64BE(BigInt(firstOffset), at + 46 + 16 * index);
  }
  head.writeInt32BE(batches.length, head.length - 4);
  return Buffer.concat([head, batches]);
}

async function decoded(batches: Buffer, aborted: readonly [number, number][] = []) {
  const { errorCode, responses } = await decodeFetch(responseWith(batches, aborted));
  expect(errorCode).toBe(0);
  expect(responses[0]?.topicName).toBe(TOPIC);
  const [partition] = responses[0]?.partitions ?? [];
  expect(partition).toMatchObject({ partition: 5, errorCode: 0 });
  return { end: partition?.end, records: partition?.records ?? [] };
}

/** A batch with a first offset and other attributes. */
function altered(batch: Buffer, { firstOffset = 0, attributes = 0 }): Buffer {
  const copy = Buffer.from(batch);
  copy.writeBigInt64BE(BigInt(firstOffset), 0);
  copy.writeInt16BE(attributes, 21);
  return copy;
}

const batch = batchOf(records).subarray(4);
const contents = records.map(({ key, value, timestamp, headers }, offset) => {
  return { offset, timestamp, key, value, headers: Object.entries(headers).flat() };
});
const contentOf = ({ offset, timestamp, key, value, headers }: IncomingRecord) => {
  return { offset, timestamp, key, value, headers };
};

test('the checksum is CRC-32C', () => {
  expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  const bytes = Buffer.from('--123456789012345678901--');
  expect(crc32c(bytes, 2, 23)).toBe(crc32c(bytes.subarray(2, 23), 0, 21));
});

test('the library decodes an encoded batch', async () => {
  const messages = await decodeMessages(new Decoder(batchOf(records)));
  expect(messages.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual(
    records.map(({ timestamp, key, value }, index) => {
      return { offset: String(index), timestamp: String(timestamp), key, value };
    }),
  );
  expect(messages[0]?.headers).toEqual({ a: Buffer.from('ü'), b: Buffer.from('') });
});

test('records are decoded unchanged, with the offset after their batch', async () => {
  const { records: found, end } = await decoded(Buffer.concat([batch, altered(batch, { firstOffset: 40 })]));
  expect(end).toBe(43);
  expect(found.slice(0, 3).map(contentOf)).toEqual(contents);
  expect(found.slice(3).map(({ offset }) => offset)).toEqual([40, 41, 42]);
});

test('a batch that the broker cut off is read the next time', async () => {
  const cut = Buffer.concat([batch, altered(batch, { firstOffset: 3 }).subarray(0, -1)]);
  expect(await decoded(cut)).toMatchObject({ end: 3, records: { length: 3 } });
  expect(await decoded(batch.subarray(0, 30))).toEqual({ end: undefined, records: [] });
  expect(await decoded(Buffer.alloc(0))).toEqual({ end: undefined, records: [] });
});

test('control records and records of aborted transactions are skipped', async () => {
  const inTransaction = 16;
  const control = 32;
  const log = [
    altered(batch, { firstOffset: 0, attributes: inTransaction }),
    altered(batch, { firstOffset: 3, attributes: inTransaction | control }),
    altered(batch, { firstOffset: 6, attributes: inTransaction }),
    altered(batch, { firstOffset: 9 }),
  ];
  const found = await decoded(Buffer.concat(log), [[9000, 0]]);
  expect(found.end).toBe(12);
  expect(found.records.map(({ offset }) => offset)).toEqual([6, 7, 8, 9, 10, 11]);
});

test('a record has the time of its batch if the broker sets the time', async () => {
  const { records: found } = await decoded(altered(batch, { attributes: 8 }));
  expect(found.map(({ timestamp }) => timestamp)).toEqual([1_700_000_900_000, 1_700_000_900_000, 1_700_000_900_000]);
});

test('the text of a value that is not UTF-8 is unknown, and that of its own replacement characters is not', async () => {
  const values = [Buffer.from([123, 255, 125]), Buffer.from('{"a":"\ufffd"}'), Buffer.from('{"a":"🖖"}')];
  const messages = values.map((value) => ({ key: Buffer.from('Ü'), value, timestamp: 1, headers: {} }));
  const { records: found } = await decoded(batchOf(messages).subarray(4));
  expect(found.map(({ valueText }) => valueText)).toEqual([undefined, '{"a":"\ufffd"}', '{"a":"🖖"}']);
  expect(found.map(({ keyText }) => keyText)).toEqual(['Ü', 'Ü', 'Ü']);
});

test('the library decodes compressed batches', async () => {
  const head = altered(batch, { attributes: 1 }).subarray(0, 61);
  const compressed = Buffer.concat([head, gzipSync(batch.subarray(61))]);
  compressed.writeInt32BE(compressed.length - 12, 8);
  const { records: found, end } = await decoded(compressed);
  expect(end).toBe(3);
  expect(found.map(contentOf)).toEqual(contents);
});
