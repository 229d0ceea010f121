import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Admin, type Consumer, Kafka, type KafkaMessage, logLevel, type Message, type Producer } from 'kafkajs';
import { slackEvent } from '../slack-event.ts';

export const PARTITIONS = 6;
const ID = 'slack-mcp-message-id';
const TIME = 'slack-mcp-timestamp';
const CHANNELS = 60;
const BATCH = 512;

/** The channel of a message: messages are spread over partitions, as those of a workspace are. */
export function channelOf(number: number): string {
  return `C${number % CHANNELS}`;
}

interface Waiting {
  readonly message: Message;
  resolve(): void;
  reject(error: unknown): void;
}

/** A client written with `kafkajs`: the same records, acknowledged by all replicas, from an idempotent producer. */
export class RawKafka implements AsyncDisposable {
  readonly #kafka: Kafka;
  readonly #producer: Producer;
  readonly #admin: Admin;
  readonly #consumers: Consumer[] = [];
  readonly #waiting = new Map<string, Waiting[]>();

  private constructor(address: string) {
    const patience = { connectionTimeout: 10_000, retry: { retries: 20 } };
    this.#kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, ...patience });
    this.#producer = this.#kafka.producer({ idempotent: true, allowAutoTopicCreation: false });
    this.#admin = this.#kafka.admin();
  }

  static async connect(address: string): Promise<RawKafka> {
    const raw = new RawKafka(address);
    await Promise.all([raw.#producer.connect(), raw.#admin.connect()]);
    return raw;
  }

  async createTopic(topic: string): Promise<void> {
    await this.#admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: false });
    // The library gives up on a topic that the broker does not know yet.
    while (!(await this.#admin.listTopics()).includes(topic)) await setImmediate();
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
  }

  /** Sends one message with one request. */
  async publishAlone(topic: string, number: number): Promise<void> {
    await this.#producer.send({ topic, acks: -1, messages: [record(number)] });
  }

  /** Sends a message with all that arrived while the last request was under way. */
  publish(topic: string, number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(topic);
      const item = { message: record(number), resolve, reject };
      if (waiting !== undefined) return void waiting.push(item);
      const started = [item];
      this.#waiting.set(topic, started);
      void this.#sendAll(topic, started);
    });
  }

  async #sendAll(topic: string, waiting: Waiting[]): Promise<void> {
    for (;;) {
      await setImmediate();
      const batch = waiting.splice(0, BATCH);
      if (batch.length === 0) break;
      try {
        await this.#producer.send({ topic, acks: -1, messages: batch.map(({ message }) => message) });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#waiting.delete(topic);
  }

  async fill(topic: string, count: number): Promise<void> {
    for (let first = 0; first < count; first += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => record(first + index));
      await this.#producer.send({ topic, acks: -1, messages });
    }
  }

  /**
   * Reads a topic with `eachBatch`, decodes each message, and commits once a batch. Resolves when it has partitions.
   *
   * @param onBatch - receives the size of a batch when its offset is committed
   * @param onMessage - receives each message
   */
  async subscribe(
    topic: string,
    group: string,
    { onMessage, onBatch }: { onMessage(message: RawMessage): void; onBatch?(size: number): void },
  ): Promise<void> {
    const consumer = this.#kafka.consumer({ groupId: group });
    this.#consumers.push(consumer);
    const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: PARTITIONS,
      async eachBatch({ batch }) {
        for (const message of batch.messages) onMessage(decode(message));
        const offset = String(BigInt(batch.lastOffset()) + 1n);
        await consumer.commitOffsets([{ topic, partition: batch.partition, offset }]);
        onBatch?.(batch.messages.length);
      },
    });
    await joined;
  }

  /** Messages per second, from the first message to the last commit. */
  async consume(topic: string, group: string, count: number): Promise<number> {
    let begin = 0;
    let committed = 0;
    const done = Promise.withResolvers<number>();
    await this.subscribe(topic, group, {
      onMessage({ payload }) {
        begin ||= performance.now();
        if (payload.type !== 'event_callback') throw new Error('the message differs from the published one');
      },
      onBatch(size) {
        committed += size;
        if (committed === count) done.resolve(performance.now());
      },
    });
    const rate = (count * 1_000) / ((await done.promise) - begin);
    await this.unsubscribe();
    return rate;
  }

  async unsubscribe(): Promise<void> {
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.disconnect()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unsubscribe();
    await Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]);
  }
}

/** The parsed payload of a message. */
export type Payload = typeof slackEvent & { readonly number: number };

export function payloadOf(number: number): Payload {
  return { ...slackEvent, number };
}

/** What a consumer of the backend receives as well. */
export interface RawMessage {
  readonly payload: Payload;
  readonly messageId: string;
  readonly timestamp: number;
  readonly orderingKey: string;
  readonly headers: Readonly<Record<string, string>>;
}

function decode({ key, value, headers = {} }: KafkaMessage): RawMessage {
  const others: Record<string, string> = {};
  for (const name in headers) if (name !== ID && name !== TIME) others[name] = String(headers[name]);
  return {
    payload: JSON.parse(String(value)),
    messageId: String(headers[ID]),
    timestamp: Number(String(headers[TIME])),
    orderingKey: String(key),
    headers: others,
  };
}

function record(number: number): Message {
  const timestamp = String(Date.now());
  return {
    key: channelOf(number),
    value: JSON.stringify(payloadOf(number)),
    timestamp,
    headers: { [ID]: randomUUID(), [TIME]: timestamp },
  };
}
