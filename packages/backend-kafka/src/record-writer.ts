import type { KafkaConnection } from './client.ts';
import { assertSuccess, errorType, MAIN, type OutgoingRecord, STALE_METADATA } from './driver/index.ts';
import { PUBLISHING, toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import type { TopicPlan } from './topic-catalog.ts';

/** The producer id of a write without idempotence: the cluster does not recognize repeated records. */
const NO_PRODUCER = { producerId: '-1', producerEpoch: -1 };

/** Stores records in topics with one partition. */
export class RecordWriter {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;

  constructor(connection: KafkaConnection, options: ResolvedOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Makes one attempt to store records. Creates the topic if it is missing. */
  async write(plan: TopicPlan, records: readonly OutgoingRecord[]): Promise<void> {
    const { topic } = plan;
    const { link, catalog } = this.#connection;
    try {
      const [leader = -1] = await catalog.ensure({ partitions: 1, ...plan });
      const connection = await link.node(leader, MAIN).catch((error: unknown) => {
        link.forgetNode(leader);
        throw error;
      });
      const { topics } = await connection.request('Produce', {
        acks: -1,
        timeout: Math.max(50, this.#options.requestTimeoutMs - 500),
        ...NO_PRODUCER,
        topicData: [{ topic, partitions: [{ partition: 0, firstSequence: -1, messages: records }] }],
      });
      for (const { errorCode } of topics.flatMap(({ partitions }) => partitions)) {
        if (STALE_METADATA.has(errorType(errorCode))) link.forget([topic]);
        assertSuccess(errorCode);
      }
    } catch (cause) {
      throw toQueueError(cause, `storing in ${topic}`, this.#options.endpoint, PUBLISHING);
    }
  }
}
