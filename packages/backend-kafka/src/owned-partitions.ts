import { isQueueError } from '@slack-mcp/core';
import { type DeliverySink, pause, retryUntil } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import type { Committer } from './committer.ts';
import type { Feeder } from './feeder.ts';
import type { Fetcher } from './fetcher.ts';
import type { GroupMember } from './group-member.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { GroupTopics } from './group-topics.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import type { KafkaDelivery, PartitionTracker } from './partition-tracker.ts';
import { restorePartitions } from './restore-partitions.ts';

/** The dependencies of `OwnedPartitions`. */
export interface OwnerParts {
  readonly connection: KafkaConnection;
  readonly options: ResolvedOptions;
  readonly groupId: string;
  readonly topics: GroupTopics;
  readonly offsets: GroupOffsets;
  readonly member: () => GroupMember;
  readonly committer: Committer;
  readonly fetcher: Fetcher;
}

/** The partitions of one group member, from their assignment until another member may take them. */
export class OwnedPartitions {
  /** Resolves when the first assignment has been restored. */
  readonly ready: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #parts: OwnerParts;
  readonly #sink: DeliverySink<KafkaDelivery>;
  readonly #feeder: Feeder;
  readonly #stopping: AbortSignal;
  readonly #trackers = new Map<string, PartitionTracker>();
  /** The partitions whose state is being read. */
  #adopting: ReadonlySet<string> = new Set();
  #isReading = true;
  /** Whether partitions wait for a leader. Used to log the wait only once. */
  #lacksLeaders = false;

  constructor(parts: OwnerParts, sink: DeliverySink<KafkaDelivery>, feeder: Feeder, stopping: AbortSignal) {
    this.#parts = parts;
    this.#sink = sink;
    this.#feeder = feeder;
    this.#stopping = stopping;
  }

  get names(): string[] {
    return [...new Set([...this.#trackers.keys(), ...this.#adopting])];
  }

  get all(): PartitionTracker[] {
    return [...this.#trackers.values()];
  }

  /**
   * The partitions with a message that has been in flight for longer than the lease. Another member that received them
   * now would process the message a second time.
   */
  get busy(): string[] {
    return this.all.filter(({ isBusy }) => isBusy).map(({ name }) => name);
  }

  /** Takes over newly assigned partitions, and gives up partitions that are assigned to another member. */
  assign(names: ReadonlySet<string>): void {
    for (const tracker of this.#trackers.values()) {
      if (!names.has(tracker.name)) this.giveUp(tracker);
      else this.#keep(tracker);
    }
    const added = [...names].filter((name) => !this.#trackers.has(name));
    // It may have given them up while it was joining: the next round gives them to others.
    if (!this.#isReading && added.length > 0) this.#parts.member().rejoin();
    const fresh = new Set(this.#isReading ? added : []);
    const isAbandoned = [...this.#adopting].some((name) => !names.has(name) && !this.#trackers.has(name));
    this.#adopting = fresh;
    this.#parts.committer.wake();
    if (fresh.size === 0) this.ready.resolve();
    else void this.#adopt(fresh);
    // A partition that this member claimed and does not get belongs to no member until the next round.
    if (isAbandoned) this.#parts.member().rejoin();
  }

  /** Stops deliveries, and gives up the partitions without messages in flight. */
  stopReading(): void {
    this.#isReading = false;
    for (const tracker of this.all) this.giveUp(tracker);
  }

  /** Releases a partition once it has no messages in flight. */
  giveUp(tracker: PartitionTracker): void {
    if (tracker.isLeaving) return;
    tracker.isLeaving = true;
    this.#parts.fetcher.remove(tracker);
    this.#feeder.remove(tracker);
    for (const delivery of tracker.deliveries) {
      if (!this.#sink.recall(delivery)) continue;
      tracker.unhold(delivery.message);
      tracker.repeat(delivery.message);
    }
    this.afterSettling(tracker);
    if (tracker.held > 0) void this.#limitGivingUp(tracker);
  }

  /**
   * Called when a message of the partition was settled. Gives up the partition if it is leaving and this was its last
   * message.
   */
  afterSettling(tracker: PartitionTracker): void {
    if (tracker.isLost) return;
    if (tracker.isLeaving && tracker.held === 0) void this.#handOver(tracker);
    // The leader can move the partition again.
    if (tracker.clearBusy()) this.#parts.member().rejoin();
  }

  /** Drops a partition that now belongs to another consumer or no longer exists. */
  drop(tracker: PartitionTracker): void {
    this.#trackers.delete(tracker.name);
    this.#parts.fetcher.remove(tracker);
    this.#feeder.remove(tracker);
    tracker.isLost = true;
    for (const delivery of tracker.deliveries) this.#sink.revoke(delivery);
    this.#parts.committer.drop(tracker);
  }

  dropAll(): void {
    this.#adopting = new Set();
    for (const tracker of this.all) this.drop(tracker);
  }

  /**
   * Cancels the release of a partition if a message is still in flight after `leaseMs`, so that the other messages of
   * the partition do not wait for a slow handler. The partition then stays with this member until the message is
   * settled.
   */
  async #limitGivingUp(tracker: PartitionTracker): Promise<void> {
    if (!(await pause(this.#parts.options.leaseMs, this.#stopping)) || !this.#keep(tracker)) return;
    tracker.markBusy();
    this.#parts.member().rejoin();
  }

  /** Cancels the release of a partition and resumes reading it. Returns whether the partition is kept. */
  #keep(tracker: PartitionTracker): boolean {
    if (!tracker.isLeaving || tracker.isLost || tracker.held === 0 || !this.#isReading) return false;
    tracker.isLeaving = false;
    this.#start(tracker);
    this.#feeder.feed();
    this.#parts.fetcher.pump();
    return true;
  }

  /** Restores partitions from the state that the group has stored, and starts to read them. */
  async #adopt(names: ReadonlySet<string>): Promise<void> {
    const isCurrent = (): boolean => this.#adopting === names && !this.#stopping.aborted;
    try {
      const trackers = await retryUntil(() => this.#restore(names), {
        initialDelayMs: 20,
        signal: this.#stopping,
        isRetryable: (error) => isCurrent() && isQueueError(error) && error.retryable,
      });
      if (!isCurrent()) return;
      for (const tracker of trackers) {
        this.#trackers.set(tracker.name, tracker);
        // The next owner must know that this one may have handed out messages.
        tracker.version += 1;
      }
      const rest = new Set([...names].filter((name) => !this.#trackers.has(name)));
      this.#adopting = rest;
      void this.#adoptRest(rest);
      await Promise.all(trackers.map((tracker) => this.#begin(tracker)));
      if (trackers.length > 0) this.ready.resolve();
    } catch (error) {
      if (this.#adopting === names) this.#adopting = new Set();
      if (this.#stopping.aborted) return;
      if (isQueueError(error) && !error.retryable) this.#sink.fail(error);
      else this.#parts.member().rejoin();
    }
    this.#parts.fetcher.pump();
  }

  /** Restores the partitions that have no leader yet, once they have one. The other partitions do not wait for them. */
  async #adoptRest(names: ReadonlySet<string>): Promise<void> {
    const { options, groupId } = this.#parts;
    if (names.size > 0 && !this.#lacksLeaders) {
      options.logger.warn({ group: groupId, partitions: [...names] }, 'queue_partitions_without_leader');
    }
    this.#lacksLeaders = names.size > 0;
    if (!this.#lacksLeaders || !(await pause(Math.max(20, options.retryDelayMs), this.#stopping))) return;
    if (this.#adopting === names) await this.#adopt(names);
  }

  async #restore(names: ReadonlySet<string>): Promise<PartitionTracker[]> {
    const { connection, offsets, topics, options, groupId } = this.#parts;
    try {
      return await restorePartitions([...names], connection.catalog, offsets, topics, options.logger);
    } catch (cause) {
      throw toQueueError(cause, `restoring the group ${groupId}`, options.endpoint);
    }
  }

  /**
   * Records at the coordinator that this member may deliver messages of a partition, then starts to read the partition.
   */
  async #begin(tracker: PartitionTracker): Promise<void> {
    try {
      await retryUntil(() => this.#parts.committer.commit(tracker), { initialDelayMs: 20, signal: this.#stopping });
    } catch (error) {
      if (isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) return;
      throw error;
    }
    this.#start(tracker);
  }

  #start(tracker: PartitionTracker): void {
    if (this.#trackers.get(tracker.name) !== tracker || tracker.isLeaving) return;
    if (!this.#isReading) {
      this.giveUp(tracker);
      return;
    }
    this.#parts.fetcher.add(tracker);
    this.#feeder.add(tracker);
  }

  async #handOver(tracker: PartitionTracker): Promise<void> {
    const { committer, member, options } = this.#parts;
    try {
      await committer.leave(tracker);
    } catch (error) {
      if (tracker.isLost || !(await pause(options.retryDelayMs, this.#stopping))) return;
      if (isQueueError(error) && error.retryable) return this.#handOver(tracker);
    }
    if (this.#trackers.get(tracker.name) !== tracker || tracker.held > 0) return;
    this.drop(tracker);
    member().rejoin();
  }
}
