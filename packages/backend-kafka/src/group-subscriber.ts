import { type DeadLetter, isQueueError, LeaseLostError, QueueClosedError } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  pause,
  type ResolvedConsumeOptions,
  retryAndLog,
  retryUntil,
} from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { Committer } from './committer.ts';
import type { DeadLetterWriter } from './dead-letter-writer.ts';
import { watchExpiry } from './expiry-watch.ts';
import { Feeder } from './feeder.ts';
import { Fetcher } from './fetcher.ts';
import { GroupMember } from './group-member.ts';
import { GroupOffsets } from './group-offsets.ts';
import { GroupTopics } from './group-topics.ts';
import { eachTracker } from './kafka-delivery.ts';
import type { ResolvedOptions } from './options.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import type { KafkaDelivery, OpenMessage, PartitionTracker } from './partition-tracker.ts';
import { Redelivery } from './redelivery.ts';
import { RetryWriter } from './retry-writer.ts';
import { groupId } from './topic-names.ts';

/** Milliseconds between two checks for new topics and partitions. */
const LOOK_MS = 1_000;
const CLOSE_MS = 2_000;
/** Milliseconds after which a member that stops reading gives up the partitions without messages in flight. */
const LEAVING_AFTER_MS = 10;

/** A member of a consumer group in Kafka. */
export class GroupSubscriber implements DeliverySource<KafkaDelivery> {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  readonly #writer: DeadLetterWriter;
  /** Present if nacked messages are stored in a retry topic. */
  readonly #retries: RetryWriter | undefined;
  readonly #groupId: string;
  readonly #use: string;
  readonly #topics: GroupTopics;
  readonly #offsets: GroupOffsets;
  readonly #member: GroupMember;
  readonly #committer: Committer;
  readonly #fetcher: Fetcher;
  readonly #again = new Redelivery(() => this.#feeder?.feed());
  readonly #stopping = new AbortController();
  #feeder: Feeder | undefined;
  #owned: OwnedPartitions | undefined;
  #sink: DeliverySink<KafkaDelivery> | undefined;
  #isLeaving = false;

  constructor(
    connection: KafkaConnection,
    options: ResolvedOptions,
    consume: ResolvedConsumeOptions & { group: string },
    writer: DeadLetterWriter,
  ) {
    const { link } = connection;
    this.#connection = connection;
    this.#options = options;
    this.#consume = consume;
    this.#writer = writer;
    this.#retries = options.retryMode === 'topic' ? new RetryWriter(connection, options, consume.group) : undefined;
    this.#groupId = groupId(options.prefix, consume.group);
    this.#use = connection.newUse();
    this.#topics = new GroupTopics(connection, options, consume);
    this.#offsets = new GroupOffsets(link, this.#groupId);
    this.#member = new GroupMember(link, options, this.#groupId, this.#use, {
      topics: () => this.#topics.names,
      partitions: (topics) => this.#topics.countToAssign(topics),
      owned: () => this.#owned?.names ?? [],
      busy: () => this.#owned?.busy ?? [],
      isLeaving: () => this.#isLeaving,
      onAssigned: (names) => this.#owned?.assign(names),
      onLost: () => this.#owned?.dropAll(),
      onInterrupted: (error) => this.#committer.interrupt(error),
      onFatal: (error) => this.#sink?.fail(error),
    });
    this.#committer = new Committer(link, options, this.#groupId, this.#use, consume.prefetch, () => this.#member);
    this.#fetcher = new Fetcher(link, options, this.#use, {
      onRecords: () => this.#feeder?.feed(),
      onMissing: (tracker) => void this.#onMissing(tracker),
      onOutOfRange: (tracker) => this.#onOutOfRange(tracker),
      onFatal: (error) => this.#sink?.fail(error),
    });
  }

  async open(sink: DeliverySink<KafkaDelivery>, signal: AbortSignal): Promise<void> {
    const feeder = new Feeder(sink, this.#consume.group, {
      onUndecodable: (tracker, message, error) => void this.#parkRaw(tracker, message, error),
      onEarly: (tracker, message, waitMs) => {
        tracker.postpone(message);
        this.#again.add(tracker, message, waitMs);
      },
    });
    const parts = {
      ...{ connection: this.#connection, options: this.#options, groupId: this.#groupId, topics: this.#topics },
      ...{ offsets: this.#offsets, member: () => this.#member, committer: this.#committer, fetcher: this.#fetcher },
    };
    const owned = new OwnedPartitions(parts, sink, feeder, this.#stopping.signal);
    this.#sink = sink;
    this.#feeder = feeder;
    this.#owned = owned;
    signal.addEventListener('abort', () => void this.#stopReading(), { once: true });
    await this.#prepare();
    if (this.#stopping.signal.aborted || signal.aborted) return;
    void this.#member.run();
    void this.#look();
    void watchExpiry(this.#connection, this.#options, this.#consume, this.#stopping.signal);
    await owned.ready.promise;
  }

  pull(): void {
    this.#feeder?.feed();
    this.#fetcher.pump();
  }

  async begin(deliveries: readonly KafkaDelivery[]): Promise<void> {
    await eachTracker(deliveries, async (tracker, ours) => {
      for (const { message, metadata } of ours) {
        if (message.delivery?.metadata === metadata) tracker.count(message, message.counts, true);
      }
      // A message that was given back instead would be delivered behind later ones.
      await retryUntil(() => this.#committer.commit(tracker), { initialDelayMs: 20, signal: this.#stopping.signal });
    });
  }

  async ack(deliveries: readonly KafkaDelivery[]): Promise<readonly KafkaDelivery[]> {
    const lost: KafkaDelivery[] = [];
    await eachTracker(deliveries, async (tracker, ours) => {
      for (const { message } of ours) tracker.settle(message);
      this.#afterSettling(tracker);
      try {
        const last = Math.max(...ours.map(({ message }) => message.offset));
        await this.#committer.commit(tracker, last);
      } catch (error) {
        if (!isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) throw error;
        lost.push(...ours);
      }
    });
    return lost;
  }

  async nack(delivery: KafkaDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const { tracker, message } = delivery;
    if (!tracker.isLost && (await this.#retries?.store(delivery, delayMs))) return this.#settle(delivery);
    if (tracker.unhold(message)) {
      const { failures, losses } = message.counts;
      tracker.count(message, { failures: failures + 1, losses }, false);
      message.isInterrupted = false;
      this.#keepOrder(tracker, message);
    }
    const due = performance.now() + delayMs;
    this.#owned?.afterSettling(tracker);
    await this.#committer.commit(tracker);
    if (!tracker.isLost && !this.#isLeaving) this.#again.add(tracker, message, Math.max(0, due - performance.now()));
  }

  async deadLetter(delivery: KafkaDelivery, reason: DeadLetter['reason']): Promise<void> {
    const { tracker, message, metadata } = delivery;
    if (tracker.isLost) throw new LeaseLostError('another consumer owns the partition and receives the message again');
    await this.#writer.park(tracker.place, message, { group: this.#consume.group, metadata, reason });
    await this.#settle(delivery);
  }

  async release(deliveries: readonly KafkaDelivery[], { begun }: { begun: boolean }): Promise<void> {
    for (const { tracker, message } of deliveries) {
      if (tracker.isLost || !tracker.unhold(message)) continue;
      const { failures, losses } = message.counts;
      tracker.count(message, begun ? { failures, losses: losses + 1 } : message.counts, false);
      this.#committer.note(tracker);
      if (!this.#isLeaving) tracker.repeat(message);
      this.#owned?.afterSettling(tracker);
    }
    this.#feeder?.feed();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#owned?.ready.reject(new QueueClosedError('the subscription was closed: create a new one'));
    this.#owned?.ready.promise.catch(() => {});
    this.#feeder?.stop();
    this.#fetcher.stop();
    this.#again.clear();
    void this.#retries?.close();
    const late = new AbortController();
    await Promise.race([this.#leave(), pause(CLOSE_MS, late.signal)]);
    late.abort();
    this.#member.stop();
    this.#committer.stop();
    this.#connection.link.release(`group-${this.#use}`);
  }

  /** Records at Kafka that a message is settled. */
  async #settle({ tracker, message }: KafkaDelivery): Promise<void> {
    tracker.settle(message);
    this.#afterSettling(tracker);
    await this.#committer.commit(tracker, message.offset);
  }

  /** Takes back later messages of an ordering key that the application has not received yet. */
  #keepOrder(tracker: PartitionTracker, message: OpenMessage): void {
    for (const later of tracker.block(message)) {
      if (!this.#sink?.recall(later)) continue;
      tracker.unhold(later.message);
      tracker.repeat(later.message);
    }
  }

  /** After a message is settled, gives up the partition if it is leaving, and delivers waiting messages. */
  #afterSettling(tracker: PartitionTracker): void {
    this.#owned?.afterSettling(tracker);
    this.#feeder?.feed();
  }

  /** Creates the topics, and the positions of a new group that starts at the end of the log. */
  async #prepare(): Promise<void> {
    const { signal } = this.#stopping;
    const { logger, retryDelayMs: initialDelayMs } = this.#options;
    try {
      await retryAndLog(() => this.#topics.prepare(this.#offsets), {
        logger,
        event: 'queue_join_failed',
        initialDelayMs,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Checks for new topics and partitions. */
  async #look(): Promise<void> {
    while (await pause(LOOK_MS, this.#stopping.signal)) {
      try {
        if (await this.#topics.look()) this.#member.rejoin();
      } catch {
        // Reading and the membership notice that the cluster is unavailable.
      }
    }
  }

  /** Handles a partition whose topic was deleted. */
  async #onMissing({ place: { topic }, isLost }: PartitionTracker): Promise<void> {
    if (isLost) return;
    this.#options.logger.warn({ topic, group: this.#consume.group }, 'queue_topic_deleted');
    for (const tracker of this.#owned?.all ?? []) if (tracker.place.topic === topic) this.#owned?.drop(tracker);
    try {
      await this.#prepare();
      this.#member.rejoin();
    } catch (error) {
      this.#sink?.fail(error as Error);
    }
  }

  /** Handles an offset outside the log: the log was truncated, or messages expired before this group read them. */
  #onOutOfRange(tracker: PartitionTracker): void {
    if (tracker.isLost) return;
    this.#owned?.drop(tracker);
    // When it is assigned again, it is restored with the limits of the log.
    this.#member.rejoin();
  }

  /** Parks a record that is not a valid message. */
  async #parkRaw(tracker: PartitionTracker, message: OpenMessage, error: Error): Promise<void> {
    const { group } = this.#consume;
    this.#options.logger.error({ err: error, topic: tracker.place.topic, group }, 'queue_message_undecodable');
    const { signal } = this.#stopping;
    try {
      await this.#writer.parkUndecodable(tracker.place, message, error, { group, signal });
    } catch (cause) {
      // It is not settled: the next consumer of the partition reads it.
      if (!signal.aborted) this.#sink?.fail(cause as Error);
      return;
    }
    tracker.settle(message);
    this.#committer.note(tracker);
  }

  /** Gives up the partitions without messages in flight. Other partitions follow when their messages are settled. */
  async #stopReading(): Promise<void> {
    this.#isLeaving = true;
    this.#feeder?.stop();
    this.#again.clear();
    // A subscription without messages in flight is closed at once, and leaves the group then.
    if (!(await pause(LEAVING_AFTER_MS, this.#stopping.signal))) return;
    this.#owned?.stopReading();
    this.#member.rejoin();
  }

  async #leave(): Promise<void> {
    const finals = (this.#owned?.all ?? []).map((tracker) => this.#committer.leave(tracker).catch(() => {}));
    if (this.#member.identity !== undefined) await Promise.all(finals);
    await this.#member.leave();
  }
}
