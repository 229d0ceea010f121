import { assertSuccess, type KafkaLink, MAIN, type OutgoingRecord } from './driver/index.ts';

/** Records with consecutive sequence numbers. Kafka stores such a batch once, even if it is sent several times. */
export interface NumberedBatch {
  readonly records: readonly OutgoingRecord[];
  readonly firstSequence: number;
}

const MAX_SEQUENCE = 2 ** 31;

/** A producer id, which lets the cluster recognise repeated batches. */
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

  /** Numbers a batch. Call {@link use} to consume the sequence numbers. */
  number(partition: string, records: readonly OutgoingRecord[]): NumberedBatch {
    return { records, firstSequence: this.#sequences.get(partition) ?? 0 };
  }

  /** Marks the batch as stored. */
  use(partition: string, { records, firstSequence }: NumberedBatch): void {
    this.#sequences.set(partition, (firstSequence + records.length) % MAX_SEQUENCE);
  }
}
