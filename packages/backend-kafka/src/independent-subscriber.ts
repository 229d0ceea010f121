import { isQueueError } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  pause,
  type ResolvedConsumeOptions,
  retryAndLog,
} from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { Feeder } from './feeder.ts';
import { Fetcher } from './fetcher.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import { type KafkaDelivery, PartitionTracker } from './partition-tracker.ts';
import { Redelivery } from './redelivery.ts';
import { TopicNames } from './topic-names.ts';

/** Milliseconds between two checks for new partitions. */
const LOOK_MS = 1_000;

/** A consumer without a group, which reads all partitions and stores nothing in Kafka. */
export class IndependentSubscriber implements DeliverySource<KafkaDelivery> {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #topics: readonly TopicNames[];
  readonly #fromTime: number | undefined;
  readonly #fetcher: Fetcher;
  readonly #trackers = new Map<string, PartitionTracker>();
  readonly #again = new Redelivery(() => this.#feeder?.feed());
  readonly #stopping = new AbortController();
  #feeder: Feeder | undefined;

  constructor(connection: KafkaConnection, options: ResolvedOptions, consume: ResolvedConsumeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#fromTime = consume.fromTime;
    this.#topics = consume.keys.map((key) => new TopicNames(options.prefix, key));
    this.#fetcher = new Fetcher(connection.link, options, connection.newUse(), {
      onRecords: () => this.#feeder?.feed(),
      onMissing: (tracker) => this.#replace(tracker, 'earliest'),
      onOutOfRange: (tracker) => this.#replace(tracker, 'earliest'),
      onFatal: (error) => this.#fail?.(error),
    });
  }

  #fail: ((error: Error) => void) | undefined;

  async open(sink: DeliverySink<KafkaDelivery>, signal: AbortSignal): Promise<void> {
    this.#fail = (error) => sink.fail(error);
    this.#feeder = new Feeder(sink, undefined, {
      onUndecodable: (tracker, message, err) => {
        this.#options.logger.error({ err, topic: tracker.place.topic }, 'queue_message_undecodable');
        tracker.settle(message);
      },
      onEarly: () => {},
    });
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    const { logger, retryDelayMs: initialDelayMs } = this.#options;
    await retryAndLog(() => this.#add('start'), {
      ...{ logger, event: 'queue_join_failed', initialDelayMs },
      signal: this.#stopping.signal,
    }).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error;
    });
    void this.#look();
  }

  pull(): void {
    this.#feeder?.feed();
    this.#fetcher.pump();
  }

  async ack(deliveries: readonly KafkaDelivery[]): Promise<readonly KafkaDelivery[]> {
    for (const { tracker, message } of deliveries) tracker.settle(message);
    return [];
  }

  async nack({ tracker, message }: KafkaDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    tracker.unhold(message);
    const { failures, losses } = message.counts;
    tracker.count(message, { failures: failures + 1, losses }, false);
    this.#again.add(tracker, message, delayMs);
  }

  async deadLetter(): Promise<void> {}

  async release(): Promise<void> {}

  async close(): Promise<void> {
    this.#stop();
    this.#again.clear();
  }

  #stop(): void {
    this.#stopping.abort();
    this.#feeder?.stop();
    this.#fetcher.stop();
  }

  async #look(): Promise<void> {
    while (await pause(LOOK_MS, this.#stopping.signal)) {
      // Partitions that are new have no message from before this consumer.
      await this.#add('earliest').catch((error: unknown) => {
        if (isQueueError(error) && !error.retryable) this.#fail?.(error);
      });
    }
  }

  /** Makes one attempt to start reading all new partitions. */
  async #add(at: 'earliest' | 'start'): Promise<void> {
    for (const { topic, key } of this.#topics) {
      try {
        const { catalog } = this.#connection;
        const leaders = await catalog.ensure({ topic });
        if (leaders.every((_, partition) => this.#trackers.has(`${topic}/${partition}`))) continue;
        const offsets =
          at === 'start' ? await catalog.startOffsets(topic, this.#fromTime) : await catalog.offsets(topic, at);
        for (const [partition, offset] of offsets) {
          if (!this.#trackers.has(`${topic}/${partition}`)) this.#start(topic, partition, key, offset);
        }
      } catch (cause) {
        throw toQueueError(cause, `reading ${key}`, this.#options.endpoint);
      }
    }
    this.#fetcher.pump();
  }

  #start(topic: string, partition: number, key: string, offset: number): void {
    const state = { prefix: offset, holes: [], end: offset, counts: [], window: 0 };
    const tracker = new PartitionTracker({ topic, partition, key, isAgain: false }, state);
    this.#trackers.set(tracker.name, tracker);
    this.#fetcher.add(tracker);
    this.#feeder?.add(tracker);
  }

  /** Reads a partition again from its beginning after its log was deleted or truncated. */
  #replace(tracker: PartitionTracker, at: 'earliest'): void {
    if (tracker.isLost) return;
    tracker.isLost = true;
    this.#trackers.delete(tracker.name);
    this.#fetcher.remove(tracker);
    this.#feeder?.remove(tracker);
    void this.#add(at).catch(() => {});
  }
}
