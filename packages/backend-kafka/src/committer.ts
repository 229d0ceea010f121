import { ConsumeError, LeaseLostError } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import { assertSuccess, errorType, type KafkaLink } from './driver/index.ts';
import type { GroupMember } from './group-member.ts';
import { MOVED } from './group-offsets.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import type { PartitionTracker, Snapshot } from './partition-tracker.ts';

interface Waiter {
  readonly version: number;
  /** The offset of a message that the commit must store as settled. */
  readonly offset: number | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Error codes after which a commit is repeated once the member has joined the new generation. */
const WAITS: ReadonlySet<string> = new Set(['ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID']);

/** Milliseconds between two commits while the group is changing. */
const PAUSE_MS = 20;
/** Minimum milliseconds between two commits while the coordinator cannot be reached. */
const OUTAGE_MS = 100;

/**
 * Stores the states of partitions at the coordinator: one commit at a time, for all partitions that have changed. A
 * commit contains the generation of the group, so that it cannot overwrite the state of another owner.
 */
export class Committer {
  readonly #link: KafkaLink;
  readonly #options: ResolvedOptions;
  readonly #groupId: string;
  readonly #use: string;
  readonly #window: number;
  readonly #member: () => GroupMember;
  readonly #dirty = new Set<PartitionTracker>();
  readonly #waiters = new Map<PartitionTracker, Waiter[]>();
  #isRunning = false;
  /** Milliseconds to wait before the next commit. */
  #pauseMs = 0;
  #patience: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();
  /** Partitions that the member is giving up. Their last commit states that all deliveries are counted. */
  readonly #leaving = new Set<PartitionTracker>();

  /** @param window - maximum number of messages in flight at the consumer */
  constructor(
    link: KafkaLink,
    options: ResolvedOptions,
    groupId: string,
    use: string,
    window: number,
    member: () => GroupMember,
  ) {
    this.#link = link;
    this.#options = options;
    this.#groupId = groupId;
    this.#use = `commit-${use}`;
    link.reserve(this.#use);
    this.#window = window;
    this.#member = member;
  }

  /**
   * Stores the current state of a partition.
   *
   * @param offset - a message that the commit must store as settled
   * @throws LeaseLostError - the partition belongs to another member
   */
  commit(tracker: PartitionTracker, offset?: number): Promise<void> {
    if (tracker.isLost)
      return Promise.reject(
        new LeaseLostError('another consumer now owns the partition and will receive the message again'),
      );
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(tracker) ?? [];
      waiters.push({ version: tracker.version, offset, resolve, reject });
      this.#waiters.set(tracker, waiters);
      this.#dirty.add(tracker);
      this.wake();
    });
  }

  /** Stores the current state of a partition with the next commit. Does not wait for the commit. */
  note(tracker: PartitionTracker): void {
    this.#dirty.add(tracker);
    this.wake();
  }

  /** Stores the final state of a partition that the member is giving up. */
  leave(tracker: PartitionTracker): Promise<void> {
    this.#leaving.add(tracker);
    tracker.version += 1;
    return this.commit(tracker).finally(() => this.#leaving.delete(tracker));
  }

  /** Rejects the waiting callers of a partition that belongs to another member. */
  drop(tracker: PartitionTracker): void {
    this.#dirty.delete(tracker);
    const waiters = this.#waiters.get(tracker) ?? [];
    this.#waiters.delete(tracker);
    for (const { reject } of waiters)
      reject(new LeaseLostError('another consumer now owns the partition and will receive the message again'));
  }

  /** Commits the states that are due, if the member has joined. */
  wake(): void {
    if (this.#isRunning || this.#dirty.size === 0 || this.#stopping.signal.aborted) return;
    if (this.#member().identity === undefined) {
      const { requestTimeoutMs } = this.#options;
      this.#patience ??= setTimeout(() => {
        this.#patience = undefined;
        const problem = `members of the group have been joining or leaving for ${requestTimeoutMs} ms: try again`;
        this.interrupt(new ConsumeError(problem, { retryable: true }));
      }, requestTimeoutMs);
      return;
    }
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#isRunning = true;
    // What changes in this turn goes into the same commit.
    setImmediate(() => void this.#run());
  }

  /** Rejects the pending commits because the member cannot commit at the moment. The callers repeat the commits. */
  interrupt(error: Error): void {
    for (const waiters of [...this.#waiters.values()]) for (const { reject } of waiters) reject(error);
    this.#waiters.clear();
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#patience);
    for (const tracker of [...this.#waiters.keys()]) this.drop(tracker);
    this.#link.release(this.#use);
  }

  async #run(): Promise<void> {
    const identity = this.#member().identity;
    const snapshots = new Map<PartitionTracker, Snapshot>();
    for (const tracker of this.#dirty) {
      if (!tracker.isLost) snapshots.set(tracker, tracker.snapshot(this.#leaving.has(tracker) ? 0 : this.#window));
    }
    this.#dirty.clear();
    if (identity === undefined || snapshots.size === 0) {
      for (const tracker of snapshots.keys()) this.#dirty.add(tracker);
    } else {
      let isSent = false;
      try {
        const coordinator = await this.#link.coordinator(this.#groupId, this.#use);
        isSent = true;
        const topics = Map.groupBy(snapshots.keys(), ({ place }) => place.topic);
        const { responses } = await coordinator.request('OffsetCommit', {
          ...{ groupId: this.#groupId, groupGenerationId: identity.generation, memberId: identity.memberId },
          topics: [...topics].map(([topic, trackers]) => ({
            topic,
            partitions: trackers.map((tracker) => {
              const { prefix, metadata } = snapshots.get(tracker) as Snapshot;
              return { partition: tracker.place.partition, offset: String(prefix), metadata };
            }),
          })),
        });
        const codes = new Map(
          responses.flatMap(({ topic, partitions }) =>
            partitions.map(({ partition, errorCode }) => [`${topic}/${partition}`, errorCode]),
          ),
        );
        for (const [tracker, snapshot] of snapshots)
          this.#answer(tracker, snapshot, codes.get(tracker.name) ?? -1, identity.generation);
      } catch (cause) {
        this.#link.forgetCoordinator(this.#groupId);
        if (isSent && this.#member().identity?.generation === identity.generation) this.#member().fence();
        for (const tracker of snapshots.keys()) this.#fail(tracker, cause);
      }
    }
    if (this.#pauseMs > 0) await pause(this.#pauseMs, this.#stopping.signal);
    this.#pauseMs = 0;
    this.#isRunning = false;
    this.wake();
  }

  #answer(tracker: PartitionTracker, snapshot: Snapshot, code: number, generation: number): void {
    if (code === 0) {
      this.#confirm(tracker, snapshot);
      return;
    }
    const type = errorType(code);
    const isCurrent = this.#member().identity?.generation === generation;
    if (WAITS.has(type)) {
      if (!tracker.isLost) this.#dirty.add(tracker);
      this.#pauseMs = Math.max(this.#pauseMs, PAUSE_MS);
      if (isCurrent) this.#member().refused(type);
      return;
    }
    if (MOVED.has(type)) this.#member().refused(type);
    try {
      assertSuccess(code);
    } catch (cause) {
      this.#fail(tracker, cause);
    }
  }

  #confirm(tracker: PartitionTracker, { version, end }: Snapshot): void {
    tracker.confirmed = Math.max(tracker.confirmed, version);
    const waiters = this.#waiters.get(tracker) ?? [];
    const left: Waiter[] = [];
    for (const waiter of waiters) {
      if (waiter.version <= version && (waiter.offset === undefined || waiter.offset < end)) waiter.resolve();
      else left.push(waiter);
    }
    if (left.length > 0) this.#waiters.set(tracker, left);
    else this.#waiters.delete(tracker);
  }

  /**
   * Rejects the callers of a failed attempt, so that they try again. The committer also repeats the commit itself, for
   * changes that no caller waits for.
   */
  #fail(tracker: PartitionTracker, cause: unknown): void {
    const error = toQueueError(cause, `committing for the group ${this.#groupId}`, this.#options.endpoint);
    if (error.retryable && !tracker.isLost) {
      this.#dirty.add(tracker);
      this.#pauseMs = Math.max(OUTAGE_MS, this.#options.retryDelayMs);
    }
    const waiters = this.#waiters.get(tracker) ?? [];
    this.#waiters.delete(tracker);
    for (const { reject } of waiters) reject(error);
  }
}
