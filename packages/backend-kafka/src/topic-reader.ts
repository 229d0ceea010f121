import type { KafkaConnection } from './client.ts';
import { assertSuccess, type IncomingRecord } from './driver/index.ts';

const MAX_BYTES = 8 * 2 ** 20;
/** Number of consecutive reads without a record after which the whole log counts as read. */
const MAX_EMPTY_READS = 3;

/** The offset of the first record of a partition, and of the next record to be written. */
export interface TopicRange {
  readonly start: number;
  readonly end: number;
}

/** Reads the first partition of topics. */
export class TopicReader {
  readonly #connection: KafkaConnection;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** Returns the current offsets of a topic, or `undefined` if the topic does not exist. */
  async range(topic: string): Promise<TopicRange | undefined> {
    const { catalog } = this.#connection;
    const [leader] = (await catalog.find(topic)) ?? [];
    if (leader === undefined) return undefined;
    const end = (await catalog.offsets(topic, 'latest')).get(0) ?? 0;
    return { start: (await catalog.offsets(topic, 'earliest')).get(0) ?? 0, end };
  }

  /**
   * Reads records in portions, from offset `start` to `end`, until `onPortion` returns `false`. A portion can contain
   * records after `end`. The argument `next` is the offset after the portion.
   */
  async read(
    topic: string,
    { start, end }: TopicRange,
    onPortion: (records: readonly IncomingRecord[], next: number) => boolean,
  ): Promise<void> {
    const { link, catalog } = this.#connection;
    const [leader] = link.leaders(topic) ?? (await catalog.find(topic)) ?? [];
    if (leader === undefined) return;
    const use = `read-${this.#connection.newUse()}`;
    link.reserve(use);
    try {
      for (let next = start, empty = 0; next < end && empty < MAX_EMPTY_READS; ) {
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
        const from = next;
        next = fetched.end;
        const isWanted = onPortion(
          fetched.records.filter(({ offset }) => offset >= from),
          next,
        );
        if (!isWanted) return;
      }
    } finally {
      link.release(use);
    }
  }
}
