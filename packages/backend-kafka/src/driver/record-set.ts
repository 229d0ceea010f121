import type { IncomingRecord } from './api.ts';
import { ByteReader } from './byte-reader.ts';
import { FetchedRecord } from './fetched-record.ts';

/** The part of a batch before its records. */
const HEADER_BYTES = 61;
/** The positions of the field with the length of a batch, and of the first byte that this length includes. */
const LENGTH_AT = 8;
const COUNTED_FROM = 12;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
/** The format of batches since Kafka 0.11. */
const MAGIC = 2;
const COMPRESSION = 7;
const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL = 32;

/** The first offset of a transaction that was aborted, and its producer. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** The records of a partition in a response. */
export interface RecordSet {
  readonly records: IncomingRecord[];
  /** The offset after the last batch. Absent if the response contains no complete batch. */
  readonly end?: number;
}

/** Whether {@link readRecords} can read the batches. It cannot read compressed batches or old formats. */
export function isReadable(bytes: Buffer): boolean {
  for (let at = 0; isComplete(bytes, at); at = endOf(bytes, at)) {
    if (bytes[at + MAGIC_AT] !== MAGIC) return false;
    if ((bytes.readInt16BE(at + ATTRIBUTES_AT) & COMPRESSION) !== 0) return false;
  }
  return true;
}

/**
 * Reads all records except control records and records of aborted transactions. Ignores the last batch if the broker
 * has cut it off.
 *
 * @param aborted - in ascending order of `firstOffset`
 */
export function readRecords(bytes: Buffer, aborted: readonly AbortedTransaction[]): RecordSet {
  const records: IncomingRecord[] = [];
  const open = new Set<number>();
  let end: number | undefined;
  let next = 0;
  for (let at = 0; isComplete(bytes, at); at = endOf(bytes, at)) {
    const reader = new ByteReader(bytes, at);
    const firstOffset = reader.int64();
    reader.position = at + ATTRIBUTES_AT;
    const attributes = reader.int16();
    end = firstOffset + reader.int32() + 1;
    const firstTimestamp = reader.int64();
    const maxTimestamp = reader.int64();
    const producerId = reader.int64();
    for (; next < aborted.length; next += 1) {
      const transaction = aborted[next] as AbortedTransaction;
      if (transaction.firstOffset >= end) break;
      open.add(transaction.producerId);
    }
    if ((attributes & CONTROL) !== 0) {
      open.delete(producerId);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0 && open.has(producerId)) continue;
    const fixedTime = (attributes & LOG_APPEND_TIME) === 0 ? undefined : maxTimestamp;
    reader.position = at + HEADER_BYTES - 4;
    for (let left = reader.int32(); left > 0; left -= 1) {
      const size = reader.varint();
      const after = reader.position + size;
      reader.position += 1;
      const timestamp = firstTimestamp + reader.varint();
      const offset = firstOffset + reader.varint();
      records.push(new FetchedRecord(bytes, reader.position, offset, fixedTime ?? timestamp, size));
      reader.position = after;
    }
  }
  return end === undefined ? { records } : { records, end };
}

function isComplete(bytes: Buffer, at: number): boolean {
  return at + HEADER_BYTES <= bytes.length && endOf(bytes, at) <= bytes.length;
}

function endOf(bytes: Buffer, at: number): number {
  return at + COUNTED_FROM + bytes.readInt32BE(at + LENGTH_AT);
}
