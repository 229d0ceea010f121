import { nextTick } from 'node:process';
import { isQueueError, PublishError, type QueueError } from '../contract/errors.ts';
import { Deque } from '../delivery/deque.ts';
import { pause } from '../retry/pause.ts';
import { retryDelay } from '../retry/retry-until.ts';
import type { PendingPublish, PublishQueue } from './pending-publish.ts';
import type { PublishBudget } from './publish-budget.ts';
import type { PublishOutcome, PublishTarget } from './publish-target.ts';

/** The part of a publisher that all its lanes share. */
export interface LaneHost {
  readonly target: PublishTarget;
  readonly budget: PublishBudget;
  readonly initialDelayMs: number;
  readonly maxRetries: number;
  /** Aborted once the publisher is closed. */
  readonly closing: AbortSignal;
  /** Assigns messages, in order, to their current lanes, which may differ from their previous lanes. */
  assign(pendings: readonly PendingPublish[]): void;
  /** Called when a message is settled and leaves the lane. */
  leave(pending: PendingPublish): void;
  /** Called when the lane has no messages left. */
  onEmpty(lane: PublishLane): void;
}

/**
 * Sends the messages of one lane, in order. Messages that arrive while a batch is being sent go into the next batch,
 * without a timer. If the broker did not store a message, the lane waits until all open batches are answered, then
 * sends that message again before any other.
 */
export class PublishLane implements PublishQueue {
  readonly name: string;
  /** The reason why nothing can be sent at the moment. */
  problem: QueueError | undefined;
  readonly #host: LaneHost;
  readonly #depth: number;
  readonly #waiting = new Deque<PendingPublish>();
  /** Messages that were not stored and are sent again once no batch is open. */
  readonly #again: PendingPublish[] = [];
  #batches = 0;
  #underWay = 0;
  #underWaySize = 0;
  /** Number of consecutive attempts that settled no message. */
  #failures = 0;
  /** Whether any message has been settled since the last pause. */
  #progress = false;
  /** Whether a message in `#again` was refused or not answered, so that a pause is needed before it is sent again. */
  #tried = false;
  #isHeld = false;
  #isScheduled = false;

  constructor(name: string, host: LaneHost) {
    this.name = name;
    this.#host = host;
    this.#depth = host.target.depth ?? 1;
  }

  push(pending: PendingPublish): void {
    pending.lane = this;
    this.#waiting.push(pending);
    this.schedule();
  }

  /** Sends waiting messages after the microtasks of this turn, so that publishes in the same turn share a batch. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    nextTick(this.#flush);
  }

  /** Drops settled messages from the queue. */
  prune(): void {
    for (const pending of this.#waiting.drain()) {
      if (pending.isSettled) this.#host.leave(pending);
      else this.#waiting.push(pending);
    }
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    while (!this.#isHeld && this.#again.length === 0 && this.#batches < this.#depth && this.#waiting.length > 0) {
      const connecting = this.#host.target.connect?.(this.name);
      if (connecting !== undefined) {
        // Otherwise the open batches will be answered, or lost with the connection.
        if (this.#batches === 0) void this.#connect(connecting);
        else connecting.catch(() => {});
        return;
      }
      const batch = this.#take();
      if (batch.length === 0) break;
      void this.#send(batch);
    }
    if (this.#isIdle) this.#host.onEmpty(this);
  };

  get #isIdle(): boolean {
    return !this.#isHeld && this.#batches === 0 && this.#waiting.length === 0 && this.#again.length === 0;
  }

  /**
   * Waits for a connection. Messages stay in the queue until the lane is ready, so that they can time out before they
   * are sent.
   */
  async #connect(connecting: Promise<void>): Promise<void> {
    this.#isHeld = true;
    try {
      await connecting;
      this.problem = undefined;
    } catch (cause) {
      this.problem = toQueueError(cause, this.name);
      const failures = this.#progress ? 0 : this.#failures;
      const isFinal = !this.problem.retryable || failures >= this.#host.maxRetries;
      if (isFinal) for (const pending of this.#waiting.drain()) this.#reject(pending, this.problem);
      await this.#pause();
    }
    this.#isHeld = false;
    this.#reassign();
  }

  #take(): PendingPublish[] {
    const { target, budget } = this.#host;
    const { maxBatch = 64, maxBatchSize = 2 ** 20 } = target;
    const mostMessages = Math.min(maxBatch, budget.messages - this.#underWay);
    const mostSize = Math.min(maxBatchSize, budget.size - this.#underWaySize);
    const batch: PendingPublish[] = [];
    let size = 0;
    // A large message is sent alone, if the shared budget has room for it.
    const isLarge = (next: PendingPublish): boolean =>
      next.size > maxBatchSize && mostMessages > 0 && next.size <= budget.size - this.#underWaySize;
    for (let next = this.#waiting.at(0); next !== undefined; next = this.#waiting.at(0)) {
      if (next.isSettled) {
        this.#waiting.shift();
        this.#host.leave(next);
        continue;
      }
      const fits = batch.length < mostMessages && size + next.size <= mostSize;
      // A lane without an open batch may always send one message.
      const isAlone = batch.length === 0 && (this.#batches === 0 || isLarge(next));
      if (!fits && !isAlone) break;
      this.#waiting.shift();
      next.isUnderWay = true;
      batch.push(next);
      size += next.size;
      if (size > mostSize) break;
    }
    return batch;
  }

  async #send(batch: readonly PendingPublish[]): Promise<void> {
    const { target, budget } = this.#host;
    let size = 0;
    for (const pending of batch) size += pending.size;
    budget.take(batch.length, size);
    this.#batches += 1;
    this.#underWay += batch.length;
    this.#underWaySize += size;
    let isOpen = true;
    let rest: PublishOutcome;
    try {
      rest = await target.send(this.name, batch, (index, outcome) => {
        const pending = batch[index];
        if (isOpen && pending?.isUnderWay) this.#apply(pending, outcome);
      });
    } catch (cause) {
      rest = { status: 'unknown', error: toQueueError(cause, this.name) };
    }
    isOpen = false;
    for (const pending of batch) if (pending.isUnderWay) this.#apply(pending, rest);
    this.#batches -= 1;
    this.#underWay -= batch.length;
    this.#underWaySize -= size;
    budget.release(batch.length, size);
    if (this.#again.length === 0) this.schedule();
    else if (this.#batches === 0) await this.#recover();
  }

  #apply(pending: PendingPublish, outcome: PublishOutcome): void {
    pending.isUnderWay = false;
    if (outcome.status === 'stored') {
      this.#progress = true;
      pending.resolve();
      this.#host.leave(pending);
      return;
    }
    if (outcome.status !== 'skipped') {
      pending.attempts += 1;
      const { error } = outcome;
      const isUnknown = outcome.status === 'unknown';
      if (isUnknown) pending.isUncertain = true;
      else pending.refusal = error;
      const isFinal = isUnknown ? !error.retryable : !outcome.retry;
      if (isFinal || pending.attempts > this.#host.maxRetries) {
        this.#progress ||= !isUnknown;
        this.#reject(pending, error);
        return;
      }
      this.#tried = true;
    }
    if (pending.isSettled) this.#host.leave(pending);
    else this.#again.push(pending);
  }

  #reject(pending: PendingPublish, error: QueueError): void {
    pending.reject(error);
    this.#host.leave(pending);
  }

  /** Moves messages that were not stored to the front of the queue. */
  async #recover(): Promise<void> {
    const again = this.#again.splice(0).sort((one, other) => one.sequence - other.sequence);
    const waiting = this.#waiting.drain();
    for (const pending of again) this.#waiting.push(pending);
    for (const pending of waiting) this.#waiting.push(pending);
    this.#isHeld = true;
    // Skipped messages can be sent immediately, because the earlier batch is settled now.
    if (this.#tried || !this.#progress) await this.#pause();
    this.#tried = false;
    this.#isHeld = false;
    this.#reassign();
  }

  async #pause(): Promise<void> {
    if (this.#progress) this.#failures = 0;
    this.#progress = false;
    const { initialDelayMs, closing } = this.#host;
    const delayMs = retryDelay(this.#failures, { initialDelayMs });
    this.#failures += 1;
    await pause(delayMs, closing);
  }

  /** Reassigns all messages to their current lanes, because the topology of the broker may have changed. */
  #reassign(): void {
    const waiting = this.#waiting.drain();
    for (const pending of waiting) if (pending.isSettled) this.#host.leave(pending);
    this.#host.assign(waiting.filter((pending) => !pending.isSettled));
    this.schedule();
  }
}

/** @param lane - the name of the lane, for errors that are not a `QueueError` */
function toQueueError(cause: unknown, lane: string): QueueError {
  if (isQueueError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PublishError(`publishing through ${lane} failed: ${reason}`, { cause });
}
