import type { Api, OutgoingRecord } from './api.ts';
import { ByteWriter, varintSize } from './byte-writer.ts';
import { crc32c } from './crc32c.ts';

/** The first version of the request whose body {@link encodeProduce} writes. Later versions have the same body. */
export const PRODUCE_VERSION = 3;

const BATCH_HEADER_BYTES = 61;
const BYTES_BEFORE_LENGTH = 12;
const MAGIC = 2;

type ProduceArguments = Api['Produce'][0];

interface SizedBatch {
  readonly records: readonly OutgoingRecord[];
  /** The size of each record, without its length. */
  readonly sizes: readonly number[];
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly size: number;
}

/** Encodes the body of a produce request in one buffer. Takes a fraction of the time that the library needs. */
export function encodeProduce({ acks, timeout, producerId, producerEpoch, topicData }: ProduceArguments): Buffer {
  const topics = topicData.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => ({ ...partition, batch: measure(partition.messages) })),
  }));
  let size = 12;
  for (const { topic, partitions } of topics) {
    size += 6 + Buffer.byteLength(topic);
    for (const { batch } of partitions) size += 8 + batch.size;
  }
  const writer = new ByteWriter(size);
  writer.int16(-1); // transactional_id
  writer.int16(acks);
  writer.int32(timeout);
  writer.int32(topics.length);
  for (const { topic, partitions } of topics) {
    writer.string(topic);
    writer.int32(partitions.length);
    for (const { partition, firstSequence, batch } of partitions) {
      writer.int32(partition);
      writer.int32(batch.size);
      writeBatch(writer, batch, { producerId, producerEpoch, firstSequence });
    }
  }
  return writer.bytes;
}

function measure(records: readonly OutgoingRecord[]): SizedBatch {
  let firstTimestamp = Number.POSITIVE_INFINITY;
  let maxTimestamp = 0;
  for (const { timestamp } of records) {
    firstTimestamp = Math.min(firstTimestamp, timestamp);
    maxTimestamp = Math.max(maxTimestamp, timestamp);
  }
  let size = BATCH_HEADER_BYTES;
  const sizes = records.map((record, index) => {
    const own = recordSize(record, record.timestamp - firstTimestamp, index);
    size += varintSize(own) + own;
    return own;
  });
  return { records, sizes, firstTimestamp, maxTimestamp, size };
}

function recordSize({ key, value, headers }: OutgoingRecord, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + bytesSize(key) + bytesSize(value);
  let count = 0;
  for (const name in headers) {
    size += textSize(name) + textSize(headers[name] as string);
    count += 1;
  }
  return size + varintSize(count);
}

function bytesSize(value: Buffer | null): number {
  return value === null ? 1 : varintSize(value.length) + value.length;
}

function textSize(text: string): number {
  const length = Buffer.byteLength(text);
  return varintSize(length) + length;
}

function writeBatch(
  writer: ByteWriter,
  { records, sizes, firstTimestamp, maxTimestamp, size }: SizedBatch,
  producer: { producerId: string; producerEpoch: number; firstSequence: number },
): void {
  writer.int64(0); // base_offset
  writer.int32(size - BYTES_BEFORE_LENGTH);
  writer.int32(0); // partition_leader_epoch
  writer.int8(MAGIC);
  const checksumAt = writer.position;
  writer.int32(0);
  const start = writer.position;
  writer.int16(0); // attributes
  writer.int32(records.length - 1);
  writer.int64(firstTimestamp);
  writer.int64(maxTimestamp);
  writer.int64(producer.producerId);
  writer.int16(producer.producerEpoch);
  writer.int32(producer.firstSequence);
  writer.int32(records.length);
  for (const [index, record] of records.entries()) {
    writer.varint(sizes[index] as number);
    writer.int8(0); // attributes
    writer.varint(record.timestamp - firstTimestamp);
    writer.varint(index);
    writer.varintBytes(record.key);
    writer.varintBytes(record.value);
    writeHeaders(writer, record.headers);
  }
  writer.bytes.writeUInt32BE(crc32c(writer.bytes, start, writer.position), checksumAt);
}

function writeHeaders(writer: ByteWriter, headers: OutgoingRecord['headers']): void {
  const names = Object.keys(headers);
  writer.varint(names.length);
  for (const name of names) {
    writer.varintString(name);
    writer.varintString(headers[name] as string);
  }
}
