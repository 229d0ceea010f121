import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import type { IncomingRecord } from './api.ts';
import type { AbortedTransaction, RecordSet } from './record-set.ts';

/** A record as the library decodes it. */
export interface LibraryRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly isControlRecord?: boolean;
  readonly batchContext?: { readonly lastOffsetDelta?: number; readonly firstOffset?: string };
}

/** Reads compressed batches and old formats with the library. @param sized - the batches after their length */
export async function readWithLibrary(sized: Buffer, aborted: readonly AbortedTransaction[]): Promise<RecordSet> {
  const messages = await decodeMessages(new Decoder(sized));
  const transactions = aborted.map(({ producerId, firstOffset }) => ({
    producerId: String(producerId),
    firstOffset: String(firstOffset),
  }));
  return toRecordSet(messages, transactions);
}

/** Converts records of the library, without control records and records of aborted transactions. */
export function toRecordSet(messages: LibraryRecord[], abortedTransactions: readonly unknown[]): RecordSet {
  const visible = filterAbortedMessages({ messages, abortedTransactions });
  const records = visible.filter(({ isControlRecord }) => isControlRecord !== true).map(toRecord);
  const last = messages.at(-1);
  if (last === undefined) return { records };
  const { firstOffset, lastOffsetDelta = 0 } = last.batchContext ?? {};
  const end = firstOffset === undefined ? 0 : Number(firstOffset) + lastOffsetDelta + 1;
  return { records, end: Math.max(end, Number(last.offset) + 1) };
}

function toRecord({ offset, timestamp, key, value, headers = {} }: LibraryRecord): IncomingRecord {
  const fields: string[] = [];
  for (const name of Object.keys(headers)) {
    const text = lastValue(headers[name])?.toString();
    if (text !== undefined) fields.push(name, text);
  }
  const size = value?.length ?? 0;
  const texts = { keyText: key?.toString(), valueText: undefined };
  return { offset: Number(offset), timestamp: Number(timestamp), size, key, value, ...texts, headers: fields };
}

/** Returns the last value of a header. */
function lastValue(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  // The library lists the values of a name. For a name such as `constructor` the list also contains a function.
  return Array.isArray(value) ? value.findLast((item) => Buffer.isBuffer(item)) : undefined;
}
