import type { Api, FetchedPartition } from './api.ts';
import { ByteReader } from './byte-reader.ts';
import { type LibraryRecord, readWithLibrary, toRecordSet } from './library-records.ts';
import { isReadable, readRecords } from './record-set.ts';

/** The version of the response that {@link decodeFetch} decodes. Brokers have supported it since Kafka 2.3. */
export const FETCH_VERSION = 11;

/** Decodes the response of a fetch. Takes a fraction of the time that the library needs. */
export async function decodeFetch(data: Buffer): Promise<Api['Fetch'][1]> {
  const reader = new ByteReader(data);
  reader.int32(); // throttle_time_ms
  const errorCode = reader.int16();
  reader.int32(); // session_id
  const responses: { topicName: string; partitions: FetchedPartition[] }[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topicName = reader.string();
    const partitions: FetchedPartition[] = [];
    for (let left = reader.int32(); left > 0; left -= 1) partitions.push(await decodePartition(reader));
    responses.push({ topicName, partitions });
  }
  return { errorCode, responses };
}

async function decodePartition(reader: ByteReader): Promise<FetchedPartition> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.int64(); // high_watermark
  const limit = reader.int64(); // last_stable_offset
  reader.int64(); // log_start_offset
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  reader.int32(); // preferred_read_replica
  const start = reader.position;
  const bytes = reader.bytes(Math.max(0, reader.int32()));
  if (isReadable(bytes)) return { partition, errorCode, limit, ...readRecords(bytes, aborted) };
  reader.position = start;
  return { partition, errorCode, limit, ...(await readWithLibrary(reader.bytes(4 + bytes.length), aborted)) };
}

/** The response of a fetch as the library decodes it. */
export interface LibraryFetch {
  readonly errorCode?: number;
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly lastStableOffset?: string;
      readonly abortedTransactions?: readonly unknown[];
      readonly messages: LibraryRecord[];
    }[];
  }[];
}

/** Converts the library's response, for brokers without {@link FETCH_VERSION}. */
export function fromLibrary({ errorCode = 0, responses }: LibraryFetch): Api['Fetch'][1] {
  return {
    errorCode,
    responses: responses.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ messages, abortedTransactions = [], lastStableOffset = '-1', ...place }) => ({
        ...{ partition: place.partition, errorCode: place.errorCode, limit: Number(lastStableOffset) },
        ...toRecordSet(messages, abortedTransactions),
      })),
    })),
  };
}
