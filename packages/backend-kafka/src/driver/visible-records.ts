import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import type { FetchedPartition, IncomingRecord } from './api.ts';

/** Returns the records of a response except control records and records of aborted transactions. */
export function visibleRecords({ messages, abortedTransactions }: FetchedPartition): readonly IncomingRecord[] {
  const records = filterAbortedMessages({ messages, abortedTransactions });
  return records.some(({ isControlRecord }) => isControlRecord)
    ? records.filter(({ isControlRecord }) => !isControlRecord)
    : records;
}
