import type { KafkaConnection } from './client.ts';
import { assertSuccess, type IncomingRecord } from './driver/index.ts';

const MAX_BYTES = 8 * 2 ** 20;
/** Number of consecutive reads without a record after which the log counts as read to its end. */
const MAX_EMPTY_READS = 3;

/** Reads all records of the first partition of a topic. Resolves with an empty list if the topic does not exist. */
export async function readTopic(connection: KafkaConnection, topic: string): Promise<IncomingRecord[]> {
  const { link, catalog } = connection;
  const [leader] = (await catalog.find(topic)) ?? [];
  if (leader === undefined) return [];
  const end = (await catalog.offsets(topic, 'latest')).get(0) ?? 0;
  let next = (await catalog.offsets(topic, 'earliest')).get(0) ?? 0;
  const records: IncomingRecord[] = [];
  const use = `read-${connection.newUse()}`;
  link.reserve(use);
  try {
    for (let empty = 0; next < end && empty < MAX_EMPTY_READS; ) {
      const node = await link.node(leader, use);
      const partition = { partition: 0, fetchOffset: String(next), maxBytes: MAX_BYTES };
      const { errorCode, responses } = await node.request('Fetch', {
        ...{ maxWaitTime: 100, minBytes: 1, maxBytes: MAX_BYTES, isolationLevel: 1, rackId: '' },
        topics: [{ topic, partitions: [partition] }],
      });
      assertSuccess(errorCode);
      const fetched = responses[0]?.partitions[0];
      assertSuccess(fetched?.errorCode ?? 0);
      empty = fetched?.end === undefined ? empty + 1 : 0;
      if (fetched?.end === undefined) continue;
      for (const record of fetched.records) if (record.offset >= next) records.push(record);
      next = fetched.end;
    }
  } finally {
    link.release(use);
  }
  return records;
}
