import { ProblemLog, pause } from '@slack-mcp/core/backend';
import { assertSuccess, errorType, type FetchedPartition, type KafkaLink } from './driver/index.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import type { PartitionTracker } from './partition-tracker.ts';

/** Maximum time in milliseconds that the broker waits for records before it answers a read. */
const MAX_WAIT_MS = 250;
/**
 * The maximum for a read of only some of the leader's partitions. It is short so that the other partitions soon join
 * the next read.
 */
const SHORT_WAIT_MS = 50;
const MAX_BYTES = 4 * 2 ** 20;
const MAX_PARTITION_BYTES = 2 ** 20;
/** The isolation level that reads no records of uncommitted or aborted transactions. */
const READ_COMMITTED = 1;
const STALE: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
]);

export interface FetcherHost {
  /** Called when records were read. */
  onRecords(): void;
  /** Called when the topic of a partition does not exist. */
  onMissing(tracker: PartitionTracker): void;
  /** Called when the requested offset is outside the log. */
  onOutOfRange(tracker: PartitionTracker): void;
  /** Called with an error that a retry cannot fix. */
  onFatal(error: Error): void;
}

/**
 * `backlog`: reads partitions whose log is known to contain more records. `tail`: waits at the broker for records in all
 * other partitions.
 */
type Lane = 'backlog' | 'tail';

/**
 * Reads partitions ahead, with one read at a time per leader and lane. A broker answers the requests of a connection
 * one after the other, so each lane has its own connection: partitions with a backlog do not wait for partitions
 * without a backlog.
 */
export class Fetcher {
  readonly #link: KafkaLink;
  readonly #options: ResolvedOptions;
  readonly #host: FetcherHost;
  readonly #uses: Readonly<Record<Lane, string>>;
  readonly #trackers = new Set<PartitionTracker>();
  /** The reads in flight: the id of the leader, followed by the name of the lane. */
  readonly #reading = new Set<string>();
  /** The partitions of the reads in flight, each with the leader that was asked. */
  readonly #inFlight = new Map<PartitionTracker, number>();
  /** The partitions whose log contains more records. */
  readonly #behind = new WeakSet<PartitionTracker>();
  readonly #stopping = new AbortController();
  readonly #problems: ProblemLog;
  /** Leaders whose last read failed. */
  readonly #failing = new Set<number>();
  #isLocating = false;
  /** Whether {@link pump} is about to be called for new partitions. */
  #isPumping = false;

  constructor(link: KafkaLink, options: ResolvedOptions, use: string, host: FetcherHost) {
    this.#link = link;
    this.#options = options;
    this.#host = host;
    this.#uses = { tail: `fetch-${use}`, backlog: `backlog-${use}` };
    for (const name of Object.values(this.#uses)) link.reserve(name);
    this.#problems = new ProblemLog(options.logger, 'queue_read_failed');
  }

  /** Starts to read a partition, in the same request as other partitions that are added in this turn. */
  add(tracker: PartitionTracker): void {
    this.#trackers.add(tracker);
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.pump();
    });
  }

  remove(tracker: PartitionTracker): void {
    this.#trackers.delete(tracker);
  }

  /** Continues to read all partitions whose buffer has room. */
  pump(): void {
    if (this.#stopping.signal.aborted) return;
    for (const tracker of this.#trackers) {
      if (!tracker.isHungry) continue;
      const leader = this.#leaderOf(tracker);
      if (leader === undefined) void this.#locate();
      else if (this.#inFlight.get(tracker) !== leader) this.#readUnlessBusy(leader, this.#laneOf(tracker));
    }
  }

  stop(): void {
    this.#stopping.abort();
    for (const use of Object.values(this.#uses)) this.#link.release(use);
  }

  #readUnlessBusy(leader: number, lane: Lane): void {
    if (!this.#reading.has(`${leader}/${lane}`)) void this.#read(leader, lane);
  }

  #laneOf(tracker: PartitionTracker): Lane {
    return this.#behind.has(tracker) ? 'backlog' : 'tail';
  }

  #leaderOf({ place }: PartitionTracker): number | undefined {
    const leader = this.#link.leaders(place.topic)?.[place.partition] ?? -1;
    return leader < 0 ? undefined : leader;
  }

  /** Asks the cluster for unknown leaders. */
  async #locate(): Promise<void> {
    if (this.#isLocating) return;
    this.#isLocating = true;
    try {
      const lost = [...this.#trackers].filter((tracker) => this.#leaderOf(tracker) === undefined);
      const topics = [...new Set(lost.map(({ place }) => place.topic))];
      const found = await this.#link.refresh(topics);
      for (const tracker of lost) {
        if (errorType(found.get(tracker.place.topic)?.topicErrorCode ?? 0) === 'UNKNOWN_TOPIC_OR_PARTITION') {
          this.#host.onMissing(tracker);
        }
      }
      const isUnknown = (tracker: PartitionTracker): boolean => this.#leaderOf(tracker) === undefined;
      if ([...this.#trackers].some(isUnknown)) await this.#pause();
    } catch (error) {
      this.#report(error);
      await this.#pause();
    }
    this.#isLocating = false;
    this.pump();
  }

  async #read(leader: number, lane: Lane): Promise<void> {
    const name = `${leader}/${lane}`;
    this.#reading.add(name);
    const ours = [...this.#trackers].filter((tracker) => this.#leaderOf(tracker) === leader);
    const wanted = new Map<string, { tracker: PartitionTracker; from: number }>();
    for (const tracker of ours) {
      if (!tracker.isHungry || this.#inFlight.get(tracker) === leader || this.#laneOf(tracker) !== lane) continue;
      wanted.set(tracker.name, { tracker, from: tracker.next });
    }
    for (const { tracker } of wanted.values()) this.#inFlight.set(tracker, leader);
    const maxWaitTime = wanted.size === ours.length ? MAX_WAIT_MS : SHORT_WAIT_MS;
    try {
      const connection = await this.#link.node(leader, this.#uses[lane]);
      const byTopic = Map.groupBy(wanted.values(), ({ tracker }) => tracker.place.topic);
      const { errorCode, responses } = await connection.request(
        'Fetch',
        {
          ...{ maxWaitTime, minBytes: 1, maxBytes: MAX_BYTES, isolationLevel: READ_COMMITTED, rackId: '' },
          topics: [...byTopic].map(([topic, ours]) => ({
            topic,
            partitions: ours.map(({ tracker, from }) => ({
              partition: tracker.place.partition,
              fetchOffset: String(from),
              maxBytes: MAX_PARTITION_BYTES,
            })),
          })),
        },
        MAX_WAIT_MS + this.#options.requestTimeoutMs,
      );
      assertSuccess(errorCode);
      this.#noteSuccess(leader);
      let isStale = false;
      for (const { topicName, partitions } of responses) {
        for (const fetched of partitions) {
          const read = wanted.get(`${topicName}/${fetched.partition}`);
          // It may have been given up, or moved, in the meantime.
          if (read === undefined || !this.#trackers.has(read.tracker) || read.tracker.next !== read.from) continue;
          if (!this.#accept(read.tracker, fetched)) isStale = true;
        }
      }
      this.#host.onRecords();
      if (isStale) await this.#pause();
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        this.#link.forgetNode(leader);
        this.#failing.add(leader);
        this.#report(error);
        await this.#pause();
      }
    }
    this.#reading.delete(name);
    for (const { tracker } of wanted.values()) {
      if (this.#inFlight.get(tracker) === leader) this.#inFlight.delete(tracker);
    }
    this.pump();
  }

  /** Returns whether the partition can be read again immediately. */
  #accept(tracker: PartitionTracker, fetched: FetchedPartition): boolean {
    const type = fetched.errorCode === 0 ? undefined : errorType(fetched.errorCode);
    if (type === undefined) {
      if (fetched.end !== undefined) tracker.append(fetched.records, fetched.end);
      if (tracker.next < fetched.limit) this.#behind.add(tracker);
      else this.#behind.delete(tracker);
      return true;
    }
    if (type === 'OFFSET_OUT_OF_RANGE') this.#host.onOutOfRange(tracker);
    else if (type === 'UNKNOWN_TOPIC_OR_PARTITION') this.#host.onMissing(tracker);
    else if (STALE.has(type)) this.#link.forget([tracker.place.topic]);
    else assertSuccess(fetched.errorCode);
    return false;
  }

  #noteSuccess(leader: number): void {
    this.#failing.delete(leader);
    const leaders = [...this.#trackers].map((tracker) => this.#leaderOf(tracker));
    const isAnyFailing = leaders.some((other) => other === undefined || this.#failing.has(other));
    if (!isAnyFailing) this.#problems.clear();
  }

  #report(cause: unknown): void {
    const error = toQueueError(cause, 'reading', this.#options.endpoint);
    if (!error.retryable) this.#host.onFatal(error);
    else this.#problems.report(error);
  }

  async #pause(): Promise<void> {
    await pause(Math.max(20, this.#options.retryDelayMs), this.#stopping.signal);
  }
}
