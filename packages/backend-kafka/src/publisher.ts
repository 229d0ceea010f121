import type { QueueError } from '@slack-mcp/core';
import type {
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
  ResolvedPublish,
} from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { type Leaders, MAIN, type OutgoingRecord, partitionFor } from './driver/index.ts';
import { PUBLISHING, toQueueError } from './kafka-error.ts';
import { LateConfirmations } from './late-confirmations.ts';
import type { ResolvedOptions } from './options.ts';
import { type Item, nameOf, type PartitionBatch, PartitionSender } from './partition-sender.ts';
import { ProducerSession } from './producer-session.ts';
import { encodeRecord } from './record.ts';
import { TopicNames } from './topic-names.ts';

/** The prefix for the lane of messages whose partition has no known leader yet. */
const TOPIC = 'topic/';
const NODE = 'node/';

/** The topics in which a target stores messages. */
export interface Route {
  topicOf(names: TopicNames): string;
  /** The groups that need a stored position in a topic before its first message. */
  readonly groups: readonly string[];
}

/** Stores messages in Kafka. The messages for one broker form a lane. */
export class KafkaPublishTarget implements PublishTarget {
  readonly maxBatch = 512;
  readonly maxBatchSize = 900_000;
  readonly #connect: () => KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #route: Route;
  /** The topic of each key. */
  readonly #topics = new Map<string, string>();
  /** The number of partitions of each key. Known before the first message of the key is sent. */
  readonly #counts = new Map<string, number>();
  readonly #partitions = new WeakMap<ResolvedPublish, number>();
  readonly #records = new WeakMap<ResolvedPublish, OutgoingRecord>();
  /** Partitions with a batch in flight. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #late = new LateConfirmations();
  #sender: Promise<PartitionSender> | undefined;
  #next = 0;

  /**
   * @param connect - returns the connection, which may not be open yet
   * @param route - where to store messages; default: in the topic that all groups share, one per key
   */
  constructor(
    connect: () => KafkaConnection,
    options: ResolvedOptions,
    route: Route = { topicOf: ({ topic }) => topic, groups: options.groups },
  ) {
    this.#connect = connect;
    this.#options = options;
    this.#route = route;
  }

  laneOf(message: ResolvedPublish): string {
    const leaders = this.#leaders(message.key);
    if (leaders !== undefined) this.#counts.set(message.key, leaders.length);
    const leader = leaders?.[this.#partition(message)] ?? -1;
    return leader < 0 ? `${TOPIC}${message.key}` : `${NODE}${leader}`;
  }

  sizeOf(message: ResolvedPublish): number {
    const { key, value, headers } = this.#record(message);
    let size = (value?.length ?? 0) + (key?.length ?? 0) + 16;
    for (const name in headers) size += name.length + 3 * (headers[name]?.length ?? 0);
    return size;
  }

  connect(lane: string): Promise<void> | undefined {
    if (lane.startsWith(TOPIC)) return this.#prepare(lane.slice(TOPIC.length));
    const { link } = this.#connect();
    const nodeId = Number(lane.slice(NODE.length));
    if (link.isOpen(nodeId, MAIN)) return undefined;
    return link.node(nodeId, MAIN).then(
      () => {},
      (cause: unknown) => {
        link.forgetNode(nodeId);
        throw this.#toError(cause, 'connecting to publish');
      },
    );
  }

  async send(lane: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    const nodeId = Number(lane.slice(NODE.length));
    const batches = this.#split(batch, report);
    const release = await this.#reserve(batches.map(nameOf));
    try {
      const sender = await this.#useSender(nodeId);
      await sender.send(nodeId, batches, report);
      if (sender.isForgotten) this.#sender = undefined;
    } finally {
      release();
    }
    // For messages without a report: none of these was sent.
    return { status: 'skipped' };
  }

  async #prepare(key: string): Promise<void> {
    try {
      await this.#connect().prepare(this.#topicOf(key), this.#route.groups);
    } catch (cause) {
      throw this.#toError(cause, `publishing to ${key}`);
    }
  }

  #leaders(key: string): Leaders | undefined {
    const connection = this.#connect();
    const topic = this.#topicOf(key);
    return connection.isPrepared(topic) ? connection.link.leaders(topic) : undefined;
  }

  #topicOf(key: string): string {
    let topic = this.#topics.get(key);
    if (topic === undefined) {
      topic = this.#route.topicOf(new TopicNames(this.#options.prefix, key));
      this.#topics.set(key, topic);
    }
    return topic;
  }

  /** Returns the partition of a message. A repeated message keeps its partition. */
  #partition(message: ResolvedPublish): number {
    let partition = this.#partitions.get(message);
    if (partition === undefined) {
      const { key } = this.#record(message);
      const count = this.#counts.get(message.key) ?? 1;
      this.#next = (this.#next + 1) % 2 ** 30;
      partition = key === null ? this.#next % count : partitionFor(key, count);
      this.#partitions.set(message, partition);
    }
    return partition;
  }

  #record(message: ResolvedPublish): OutgoingRecord {
    let record = this.#records.get(message);
    if (record === undefined) {
      record = encodeRecord(message);
      this.#records.set(message, record);
    }
    return record;
  }

  #split(batch: readonly OutgoingMessage[], report: PublishReport): PartitionBatch[] {
    const batches = new Map<string, PartitionBatch & { items: Item[] }>();
    for (const [index, outgoing] of batch.entries()) {
      const { message } = outgoing;
      if (this.#late.has(message)) {
        report(index, { status: 'stored' });
        continue;
      }
      const topic = this.#topicOf(message.key);
      // The lane of an ordering key is asked for once, for the first of its messages.
      const partition = this.#partition(message);
      const name = nameOf({ topic, partition });
      let ours = batches.get(name);
      if (ours === undefined) {
        ours = { topic, partition, items: [] };
        batches.set(name, ours);
      }
      ours.items.push({ index, outgoing, record: this.#record(message) });
    }
    return [...batches.values()];
  }

  /**
   * Waits until no other lane sends to the partitions. While a partition moves to another leader, two lanes may have
   * messages for it, but only one lane may send at a time.
   */
  async #reserve(names: readonly string[]): Promise<() => void> {
    for (;;) {
      const busy = names.map((name) => this.#busy.get(name)).filter((sending) => sending !== undefined);
      if (busy.length === 0) break;
      await Promise.all(busy);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const name of names) this.#busy.set(name, promise);
    return () => {
      for (const name of names) this.#busy.delete(name);
      resolve();
    };
  }

  async #useSender(nodeId: number): Promise<PartitionSender> {
    const { link } = this.#connect();
    this.#sender ??= ProducerSession.create(link, nodeId).then(
      (session) =>
        new PartitionSender(session, link, {
          late: this.#late,
          requestTimeoutMs: this.#options.requestTimeoutMs,
          toError: (cause, topic) => this.#toError(cause, `publishing to ${topic}`),
          onMissing: (topic) => this.#connect().unprepare(topic),
        }),
    );
    try {
      return await this.#sender;
    } catch (cause) {
      this.#sender = undefined;
      link.forgetNode(nodeId);
      throw this.#toError(cause, 'publishing');
    }
  }

  #toError(cause: unknown, doing: string): QueueError {
    return toQueueError(cause, doing, this.#options.endpoint, PUBLISHING);
  }
}
