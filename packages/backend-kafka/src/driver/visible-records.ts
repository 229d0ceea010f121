import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import type { FetchedPartition, IncomingRecord } from './api.ts';

/** The records of a response, without those of aborted transactions and without control records. */
export function visibleRecords({ messages, abortedTransactions }: FetchedPartition): readonly IncomingRecord[] {
  const records = filterAbortedMessages({ messages, abortedTransactions });
  return records.some(({ isControlRecord }) => isControlRecord)
    ? records.filter(({ isControlRecord }) => !isControlRecord)
    : records;
}
