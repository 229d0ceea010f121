import { PayloadTooLargeError, type QueueError } from '@slack-mcp/core';
import type { OutgoingMessage, PublishOutcome, PublishReport } from '@slack-mcp/core/backend';
import { BrokerError, errorType, type KafkaLink, MAIN, type OutgoingRecord, STALE_METADATA } from './driver/index.ts';
import type { LateConfirmations } from './late-confirmations.ts';
import type { NumberedBatch, ProducerSession } from './producer-session.ts';

/** A message of a batch, with its record. */
export interface Item {
  /** The index of the message in the publisher's batch. */
  readonly index: number;
  readonly outgoing: OutgoingMessage;
  readonly record: OutgoingRecord;
}

/** The messages of one partition in a batch. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly items: readonly Item[];
}

/** A batch that Kafka has not answered and may have stored. If the same batch is sent again, Kafka stores it once. */
interface Unanswered {
  readonly numbered: NumberedBatch;
  readonly messages: ReadonlySet<OutgoingMessage>;
}

/** The error code of each batch in a request, or `undefined` if there was no answer. */
type Answers = ReadonlyMap<PartitionBatch, number | undefined>;

const TOO_LARGE: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
/** Error codes for a batch that Kafka has appended, but that not all replicas have stored. */
const APPENDED: ReadonlySet<string> = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']);
/** Error codes for a producer session that the cluster no longer knows. */
const FORGOTTEN: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'PRODUCER_FENCED',
]);
/** Matches error codes that a retry cannot fix. */
const FINAL = /AUTHORIZATION_FAILED$|^INVALID_RECORD$|^INVALID_TIMESTAMP$|^INVALID_TOPIC_EXCEPTION$|^POLICY_VIOLATION$/;

export interface SenderHost {
  readonly late: LateConfirmations;
  readonly requestTimeoutMs: number;
  toError(cause: unknown, topic: string): QueueError;
  /** Called when a topic no longer exists. */
  onMissing(topic: string): void;
}

/** Sends batches in one producer session, and sends unanswered batches again unchanged until Kafka answers. */
export class PartitionSender {
  readonly session: ProducerSession;
  /** Whether the cluster no longer knows the producer session. */
  isForgotten = false;
  readonly #link: KafkaLink;
  readonly #host: SenderHost;
  readonly #unanswered = new Map<string, Unanswered>();

  constructor(session: ProducerSession, link: KafkaLink, host: SenderHost) {
    this.session = session;
    this.#link = link;
    this.#host = host;
  }

  /** Sends the messages, and reports the outcome of each message. */
  async send(nodeId: number, batches: readonly PartitionBatch[], report: PublishReport): Promise<void> {
    const fresh = await this.#repeat(nodeId, batches, report);
    if (fresh.length > 0) await this.#sendFresh(nodeId, fresh, report);
  }

  /** Sends unanswered batches again. Returns the messages that still must be sent. */
  async #repeat(
    nodeId: number,
    batches: readonly PartitionBatch[],
    report: PublishReport,
  ): Promise<readonly PartitionBatch[]> {
    const again = batches.filter((batch) => this.#unanswered.has(nameOf(batch)));
    if (again.length === 0) return batches;
    const numbered = (batch: PartitionBatch): NumberedBatch =>
      (this.#unanswered.get(nameOf(batch)) as Unanswered).numbered;
    const answers = await this.#produce(nodeId, again, numbered);
    const fresh: PartitionBatch[] = batches.filter((batch) => !again.includes(batch));
    for (const [batch, code] of answers) {
      const name = nameOf(batch);
      const unanswered = this.#unanswered.get(name) as Unanswered;
      const type = code === undefined ? undefined : errorType(code);
      if (isStored(code)) {
        this.session.use(name, unanswered.numbered);
        this.#unanswered.delete(name);
        for (const { message } of unanswered.messages) this.#host.late.add(message);
        const { late } = this.#host;
        const rest = batch.items.filter(
          ({ outgoing }) => !unanswered.messages.has(outgoing) && !late.has(outgoing.message),
        );
        for (const item of batch.items) if (!rest.includes(item)) report(item.index, { status: 'stored' });
        if (rest.length > 0) fresh.push({ ...batch, items: rest });
      } else if (type !== undefined && (TOO_LARGE.has(type) || FINAL.test(type))) {
        // It was not stored, so its messages can be sent in other batches.
        this.#unanswered.delete(name);
        fresh.push(batch);
      } else {
        this.#note(batch, code);
        const error = this.#host.toError(
          code === undefined ? this.#link.lastError : new BrokerError(code),
          batch.topic,
        );
        for (const { index } of batch.items) report(index, { status: 'unknown', error });
      }
    }
    return fresh;
  }

  async #sendFresh(nodeId: number, batches: readonly PartitionBatch[], report: PublishReport): Promise<void> {
    const numbered = new Map(
      batches.map((batch) => [
        batch,
        this.session.number(
          nameOf(batch),
          batch.items.map(({ record }) => record),
        ),
      ]),
    );
    const answers = await this.#produce(nodeId, batches, (batch) => numbered.get(batch) as NumberedBatch);
    for (const [batch, code] of answers) {
      if (code !== undefined && TOO_LARGE.has(errorType(code)) && batch.items.length > 1) {
        // Only one of them may be too large.
        const middle = Math.ceil(batch.items.length / 2);
        await this.#sendFresh(nodeId, [{ ...batch, items: batch.items.slice(0, middle) }], report);
        await this.#sendRest(nodeId, { ...batch, items: batch.items.slice(middle) }, report);
        continue;
      }
      const outcome = this.#conclude(batch, numbered.get(batch) as NumberedBatch, code);
      for (const { index } of batch.items) report(index, outcome);
    }
  }

  /** Sends the second half of a batch after Kafka has answered the first half. */
  async #sendRest(nodeId: number, batch: PartitionBatch, report: PublishReport): Promise<void> {
    if (!this.#unanswered.has(nameOf(batch)) && !this.isForgotten) return this.#sendFresh(nodeId, [batch], report);
    for (const { index } of batch.items) report(index, { status: 'skipped' });
  }

  #conclude(batch: PartitionBatch, numbered: NumberedBatch, code: number | undefined): PublishOutcome {
    const name = nameOf(batch);
    if (isStored(code)) {
      this.session.use(name, numbered);
      return { status: 'stored' };
    }
    const type = code === undefined ? undefined : errorType(code);
    this.#note(batch, code);
    if (type === undefined || APPENDED.has(type)) {
      this.#unanswered.set(name, { numbered, messages: new Set(batch.items.map(({ outgoing }) => outgoing)) });
      const cause = code === undefined ? this.#link.lastError : new BrokerError(code);
      return { status: 'unknown', error: this.#host.toError(cause, batch.topic) };
    }
    const error = this.#host.toError(new BrokerError(code as number), batch.topic);
    if (error instanceof PayloadTooLargeError) return { status: 'refused', error, retry: false };
    return { status: 'refused', error, retry: !FINAL.test(type) };
  }

  #note({ topic }: PartitionBatch, code: number | undefined): void {
    const type = code === undefined ? '' : errorType(code);
    if (STALE_METADATA.has(type)) this.#link.forget([topic]);
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION') this.#host.onMissing(topic);
    if (FORGOTTEN.has(type)) this.isForgotten = true;
  }

  async #produce(
    nodeId: number,
    batches: readonly PartitionBatch[],
    numbered: (batch: PartitionBatch) => NumberedBatch,
  ): Promise<Answers> {
    const { requestTimeoutMs } = this.#host;
    const codes = new Map<string, number>();
    try {
      const connection = await this.#link.node(nodeId, MAIN);
      const byTopic = Map.groupBy(batches, ({ topic }) => topic);
      const { topics } = await connection.request('Produce', {
        acks: -1,
        timeout: Math.max(50, requestTimeoutMs - 500),
        producerId: this.session.id,
        producerEpoch: this.session.epoch,
        topicData: [...byTopic].map(([topic, ours]) => ({
          topic,
          partitions: ours.map((batch) => {
            const { records, firstSequence } = numbered(batch);
            return { partition: batch.partition, firstSequence, messages: records };
          }),
        })),
      });
      for (const { topicName, partitions } of topics) {
        for (const { partition, errorCode } of partitions) codes.set(`${topicName}/${partition}`, errorCode);
      }
    } catch (error) {
      this.#link.lastError = error;
      this.#link.forgetNode(nodeId);
    }
    return new Map(batches.map((batch) => [batch, codes.get(nameOf(batch))]));
  }
}

function isStored(code: number | undefined): boolean {
  return code === 0 || (code !== undefined && errorType(code) === 'DUPLICATE_SEQUENCE_NUMBER');
}

export function nameOf({ topic, partition }: Pick<PartitionBatch, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
