import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend, Subscription } from '@slack-mcp/core';
import { createOps, type Job, type JobRequest, type Ops } from '@slack-mcp/core/ops';

/** The group whose dead letters are redriven. */
export const REDRIVE_GROUP = 'workers';

const KEY = 'slack_events';
const BATCH = 500;
const PREFETCH = 100;
const POLL_MS = 5;
const MIB = 2 ** 20;

/** Counts the bytes that this process receives over sockets that it opens. */
export class ReceivedBytes implements Disposable {
  readonly #sockets: Socket[] = [];
  readonly #add = (message: unknown): void => void this.#sockets.push((message as { socket: Socket }).socket);

  constructor() {
    subscribe('net.client.socket', this.#add);
  }

  get count(): number {
    return this.#sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  [Symbol.dispose](): void {
    unsubscribe('net.client.socket', this.#add);
  }
}

/** The messages of a group. Each message is parked once and then handled. */
export class RedriveBooks {
  /** How often each message was handled. */
  readonly times: Uint8Array;
  readonly #backend: QueueBackend;
  #subscription: Subscription | undefined;
  #working: Promise<void> | undefined;
  #handled = 0;

  constructor(backend: QueueBackend, messages: number) {
    this.#backend = backend;
    this.times = new Uint8Array(messages);
  }

  /** Number of messages that were handled, each time counted. */
  get handled(): number {
    return this.#handled;
  }

  /** Publishes the messages and parks each. */
  async park(): Promise<void> {
    const count = this.times.length;
    const subscription = this.#subscribe();
    const parking = (async () => {
      let pending: Promise<void>[] = [];
      for (let left = count; left > 0; left -= 1) {
        const { value, done } = await subscription.next();
        if (done === true) throw new Error('the subscription ended');
        pending.push(value.deadLetter({ code: 'TEST' }));
        if (pending.length < PREFETCH) continue;
        await Promise.all(pending);
        pending = [];
      }
      await Promise.all(pending);
    })();
    for (let start = 0; start < count; start += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) => start + index);
      await Promise.all(numbers.map((n) => this.#backend.publish(KEY, { n, text: 'x'.repeat(300) })));
    }
    await parking;
    await subscription.close();
  }

  /** Begins to handle what arrives. */
  work(): void {
    const subscription = this.#subscribe();
    this.#subscription = subscription;
    this.#working = (async () => {
      for await (const message of subscription) {
        const n = message.payload['n'] as number;
        this.times[n] = (this.times[n] ?? 0) + 1;
        this.#handled += 1;
        // If a lease was lost and the message is delivered again, it is counted twice.
        message.ack().catch(() => {});
      }
    })();
  }

  /** Waits until a number of messages was handled. */
  async untilHandled(count: number): Promise<void> {
    while (this.#handled < count) await sleep(POLL_MS);
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
    await this.#working;
  }

  #subscribe(): Subscription {
    return this.#backend.consume({ group: REDRIVE_GROUP, ack: 'manual', prefetch: PREFETCH });
  }
}

/** What a job did, and what the process used meanwhile. */
export interface MeasuredJob {
  readonly job: Job;
  /** The values of `done` that a reader of the job saw, without repetitions. */
  readonly progress: readonly number[];
  readonly seconds: number;
  readonly receivedBytes: number;
  /** Growth of the resident memory of the process, at most. */
  readonly grownMiB: number;
}

/** Runs jobs and watches them. */
export class WatchedJobs implements AsyncDisposable {
  readonly #ops: Ops;
  readonly #received: ReceivedBytes;

  /** @param received - created before the backend, so that it counts all connections */
  constructor(backend: QueueBackend, received: ReceivedBytes) {
    this.#received = received;
    const silent = (): void => {};
    const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
    this.#ops = createOps({ process: 'worker', backend, logger });
  }

  /** Runs a job until it ends. Cancels it when `done` has reached `cancelAt`. */
  async run(request: Partial<JobRequest>, cancelAt = Number.POSITIVE_INFINITY): Promise<MeasuredJob> {
    const { jobs } = this.#ops;
    const [began, before, received] = [performance.now(), process.memoryUsage.rss(), this.#received.count];
    let grown = 0;
    const progress: number[] = [];
    const { id } = jobs.start({ action: 'redrive', group: REDRIVE_GROUP, filter: {}, ...request }, 'operator');
    for (let isCancelled = false; jobs.get(id).status === 'running'; await sleep(POLL_MS)) {
      const { done } = jobs.get(id);
      if (progress.at(-1) !== done) progress.push(done);
      grown = Math.max(grown, process.memoryUsage.rss() - before);
      if (done < cancelAt || isCancelled) continue;
      isCancelled = true;
      await jobs.cancel(id, 'operator').catch(() => {});
    }
    return {
      job: jobs.get(id),
      progress,
      seconds: (performance.now() - began) / 1_000,
      receivedBytes: this.#received.count - received,
      grownMiB: Math.round(grown / MIB),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ops.close();
  }
}
