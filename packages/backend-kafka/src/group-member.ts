import type { Logger, QueueError } from '@slack-mcp/core';
import { ProblemLog, pause } from '@slack-mcp/core/backend';
import { assertSuccess, BrokerError, type Connection, errorType, type KafkaLink } from './driver/index.ts';
import { encodeMember, lead, namesOf } from './group-leader.ts';
import { MOVED } from './group-offsets.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import { slowAnswer } from './slow-answer.ts';

/** The name of the assignment protocol. All members of a group must use the same protocol. */
const PROTOCOL = 'slack-mcp-1';
const LEAVE_MS = 1_000;
/** Minimum rebalance timeout in milliseconds. A longer session timeout is also used as the rebalance timeout. */
const MIN_REBALANCE_MS = 5_000;

/** The member id and generation with which the coordinator accepts commits. */
export interface Identity {
  readonly memberId: string;
  readonly generation: number;
}

export interface MemberHost {
  /** Returns the topics to read. */
  topics(): readonly string[];
  /** Looks up the number of partitions of each topic. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Returns the names of the partitions that this member owns. */
  owned(): readonly string[];
  /** Returns the names of the owned partitions that this member cannot give up yet. */
  busy(): readonly string[];
  /** Whether this member is about to leave and receives no further partitions. */
  isLeaving(): boolean;
  /** Called when the member has joined, with its partitions. */
  onAssigned(names: ReadonlySet<string>): void;
  /**
   * Called when the coordinator has removed this member from the group, so that the member loses all its partitions.
   */
  onLost(): void;
  /** Called when an attempt to join failed. The member tries again. */
  onInterrupted(error: QueueError): void;
  /** Called with an error that a retry cannot fix. */
  onFatal(error: QueueError): void;
}

/** A member of a group. Joins the group, keeps the session alive, and joins again when the group changes. */
export class GroupMember {
  readonly #link: KafkaLink;
  readonly #options: ResolvedOptions;
  readonly #groupId: string;
  readonly #use: string;
  readonly #host: MemberHost;
  readonly #logger: Logger;
  readonly #problems: ProblemLog;
  readonly #stopping = new AbortController();
  #memberId = '';
  #generation = -1;
  #isJoined = false;
  /** The time at which the session was last extended, on the clock of `performance.now()`. */
  #aliveAt = 0;
  #lease: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;
  #mustRejoin = false;
  /** The generation in which no more commits may be sent. */
  #fenced: number | undefined;
  /** Number of calls of {@link fence}. */
  #fences = 0;
  /** The pending request for the assignment. */
  #syncing: Promise<unknown> | undefined;

  constructor(link: KafkaLink, options: ResolvedOptions, groupId: string, use: string, host: MemberHost) {
    this.#link = link;
    this.#options = options;
    this.#groupId = groupId;
    this.#use = use;
    link.reserve(`group-${use}`);
    this.#host = host;
    this.#logger = options.logger;
    this.#problems = new ProblemLog(options.logger, 'queue_group_interrupted');
  }

  /** The identity for commits; `undefined` while commits must wait. */
  get identity(): Identity | undefined {
    const isFenced = this.#fenced === this.#generation;
    return this.#isJoined && !isFenced ? { memberId: this.#memberId, generation: this.#generation } : undefined;
  }

  /** Joins the group and stays a member until `stop`. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#join();
        failures = 0;
        await this.#beat();
      } catch (cause) {
        if (signal.aborted) return;
        this.#note(cause);
        const error = toQueueError(cause, `joining the group ${this.#groupId}`, this.#options.endpoint);
        if (!error.retryable) {
          this.#host.onFatal(error);
          return;
        }
        this.#host.onInterrupted(error);
        // The first attempt often meets a coordinator that is only being created.
        if (failures > 0) this.#problems.report(error);
        failures += 1;
        await pause(failures === 1 ? 0 : Math.max(20, this.#options.retryDelayMs), signal);
      }
    }
  }

  /** Joins the group again. Call this method when the topics or the owned partitions of the member have changed. */
  rejoin(): void {
    this.#mustRejoin = true;
    this.#wake?.();
  }

  /**
   * Joins again in a new generation, because the coordinator did not answer a commit. In the new generation, the
   * coordinator refuses that commit if it arrives late. Otherwise, the late commit could replace the state that a later
   * commit stored.
   */
  fence(): void {
    this.#fenced = this.#generation;
    // The coordinator starts a new generation only for a member whose data have changed.
    this.#fences += 1;
    this.rejoin();
  }

  /** Reacts to a commit that the coordinator refused. */
  refused(type: string): void {
    if (type === 'UNKNOWN_MEMBER_ID') this.#forget();
    if (MOVED.has(type)) this.#link.forgetCoordinator(this.#groupId);
    else if (type !== 'REBALANCE_IN_PROGRESS') this.rejoin();
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#lease);
    this.#wake?.();
  }

  /** Leaves the group at the coordinator. Does not reject. */
  async leave(): Promise<void> {
    this.stop();
    if (this.#memberId === '') return;
    await this.#synced();
    try {
      // The connection for joining may be waiting at the broker.
      const coordinator = await this.#link.coordinator(this.#groupId, `commit-${this.#use}`);
      await coordinator.request('LeaveGroup', { groupId: this.#groupId, memberId: this.#memberId }, LEAVE_MS);
    } catch {
      // The session ends by itself.
    }
  }

  /**
   * Waits for the answer to a pending SyncGroup request before the member leaves: afterwards, the broker would not
   * answer the request and would keep the connection open.
   */
  async #synced(): Promise<void> {
    if (this.#syncing === undefined) return;
    const over = new AbortController();
    await Promise.race([this.#syncing.catch(() => {}), pause(LEAVE_MS, over.signal)]);
    over.abort();
  }

  async #join(): Promise<void> {
    const { leaseMs, requestTimeoutMs } = this.#options;
    const coordinator = await this.#link.coordinator(this.#groupId, `group-${this.#use}`);
    this.#mustRejoin = false;
    const rebalanceTimeout = Math.max(leaseMs, MIN_REBALANCE_MS);
    const owned = this.#host.owned();
    const topics = this.#host.topics();
    const [busy, isLeaving] = [this.#host.busy(), this.#host.isLeaving()];
    const metadata = encodeMember({ topics, owned, busy, generation: this.#generation, isLeaving }, this.#fences);
    clearTimeout(this.#lease);
    const joining = coordinator.request(
      'JoinGroup',
      {
        ...{ groupId: this.#groupId, sessionTimeout: leaseMs, rebalanceTimeout, memberId: this.#memberId },
        ...{ protocolType: 'consumer', groupProtocols: [{ name: PROTOCOL, metadata }] },
      },
      rebalanceTimeout + requestTimeoutMs,
    );
    const answer = await this.#slowAnswer(coordinator, joining, this.#stopping.signal);
    if (errorType(answer.errorCode) === 'MEMBER_ID_REQUIRED') {
      this.#memberId = answer.memberId;
      return this.#join();
    }
    assertSuccess(answer.errorCode);
    const begun = performance.now();
    this.#isJoined = false;
    this.#memberId = answer.memberId;
    const { generationId, leaderId, memberId } = answer;
    const groupAssignment = leaderId === memberId ? await lead(answer.members, this.#host, requestTimeoutMs) : [];
    if (this.#stopping.signal.aborted) return;
    const syncing = coordinator.request(
      'SyncGroup',
      { groupId: this.#groupId, generationId, memberId, groupAssignment },
      rebalanceTimeout + requestTimeoutMs,
    );
    this.#syncing = syncing;
    const synced = await this.#slowAnswer(coordinator, syncing);
    this.#syncing = undefined;
    if (this.#stopping.signal.aborted) return;
    if (errorType(synced.errorCode) === 'REBALANCE_IN_PROGRESS') return this.#join();
    assertSuccess(synced.errorCode);
    this.#generation = generationId;
    this.#isJoined = true;
    this.#alive(begun);
    this.#problems.clear();
    this.#host.onAssigned(namesOf(synced.memberAssignment));
  }

  #slowAnswer<T>(coordinator: Connection, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
    return slowAnswer(answer, {
      ping: async () => {
        const other = await this.#link.coordinator(this.#groupId, `commit-${this.#use}`);
        return other.request('Metadata', { topics: [], allowAutoTopicCreation: false });
      },
      giveUp: (error) => coordinator.destroy(error),
      ...(signal && { signal }),
    });
  }

  /** Sends heartbeats until the group changes. */
  async #beat(): Promise<void> {
    const { leaseMs, heartbeatMs, requestTimeoutMs } = this.#options;
    while (!this.#stopping.signal.aborted && !this.#mustRejoin) {
      await this.#rest(heartbeatMs);
      if (this.#stopping.signal.aborted || this.#mustRejoin) return;
      const begun = performance.now();
      try {
        const coordinator = await this.#link.coordinator(this.#groupId, `group-${this.#use}`);
        const { errorCode } = await coordinator.request(
          'Heartbeat',
          { groupId: this.#groupId, groupGenerationId: this.#generation, memberId: this.#memberId },
          Math.min(requestTimeoutMs, Math.max(1_000, leaseMs / 2)),
        );
        const type = errorType(errorCode);
        if (type === 'REBALANCE_IN_PROGRESS') this.#alive(begun);
        if (type === 'REBALANCE_IN_PROGRESS' || type === 'ILLEGAL_GENERATION') return;
        assertSuccess(errorCode);
        this.#alive(begun);
      } catch (error) {
        this.#note(error);
        if (error instanceof BrokerError && !MOVED.has(error.type)) throw error;
      }
    }
  }

  /** Records that the coordinator extended the session. */
  #alive(at: number): void {
    this.#aliveAt = at;
    clearTimeout(this.#lease);
    const left = at + this.#options.leaseMs - performance.now();
    this.#lease = setTimeout(() => this.#expire(), Math.max(0, left));
  }

  #expire(): void {
    this.#logger.warn({ group: this.#groupId }, 'queue_lease_lost');
    // The lease is lost once, however many attempts to join again fail afterwards.
    this.#isJoined = false;
    clearTimeout(this.#lease);
    this.#host.onLost();
    this.rejoin();
  }

  #note(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const type = error instanceof BrokerError ? error.type : '';
    if (type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION') this.#forget();
    if (type === '' || MOVED.has(type)) this.#link.forgetCoordinator(this.#groupId);
    // While it joined, no timer was set.
    if (this.#isJoined && performance.now() - this.#aliveAt > this.#options.leaseMs) this.#expire();
    else if (this.#isJoined) this.#alive(this.#aliveAt);
  }

  #forget(): void {
    this.#memberId = '';
    this.#fenced = undefined;
    this.#isJoined = false;
    clearTimeout(this.#lease);
    this.#host.onLost();
    this.rejoin();
  }

  async #rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
