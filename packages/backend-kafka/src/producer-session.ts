import { assertSuccess, type KafkaLink, MAIN, type OutgoingRecord } from './driver/index.ts';

/**
 * A batch of records with consecutive sequence numbers, which Kafka stores only once even if it is sent several times.
 */
export interface NumberedBatch {
  readonly records: readonly OutgoingRecord[];
  readonly firstSequence: number;
}

const MAX_SEQUENCE = 2 ** 31;

/** A producer id and its sequence numbers, by which the cluster recognizes repeated batches. */
export class ProducerSession {
  readonly id: string;
  readonly epoch: number;
  readonly #sequences = new Map<string, number>();

  private constructor(id: string, epoch: number) {
    this.id = id;
    this.epoch = epoch;
  }

  static async create(link: KafkaLink, nodeId: number): Promise<ProducerSession> {
    const connection = await link.node(nodeId, MAIN);
    const answer = await connection.request('InitProducerId', { transactionTimeout: 60_000 });
    assertSuccess(answer.errorCode);
    return new ProducerSession(answer.producerId, answer.producerEpoch);
  }

  /** Assigns sequence numbers to a batch. Call {@link use} after Kafka has stored the batch. */
  number(partition: string, records: readonly OutgoingRecord[]): NumberedBatch {
    return { records, firstSequence: this.#sequences.get(partition) ?? 0 };
  }

  /** Marks a batch as stored, so that the next batch gets the following sequence numbers. */
  use(partition: string, { records, firstSequence }: NumberedBatch): void {
    this.#sequences.set(partition, (firstSequence + records.length) % MAX_SEQUENCE);
  }
}
