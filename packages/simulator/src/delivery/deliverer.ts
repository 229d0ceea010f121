import { signRequest } from '../events/sign-request.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { CutOffs } from './cut-offs.ts';
import type { Delivery, DeliveryAttempt } from './delivery.ts';
import { type CutOffPoint, type PostOutcome, post } from './post.ts';
import { nextRetryDelayMs, type RetryReason } from './retry-policy.ts';

/** How to deliver events. */
export interface DelivererOptions {
  signingSecret: string;
  /** Maximum number of concurrent requests. */
  concurrency: number;
  /** Maximum time for the app to respond, in milliseconds of real time. */
  answerTimeoutMs: number;
  /** The factor by which the delays between retries are shorter than in Slack. */
  timeScale: number;
  /** Sends an attempt over another transport instead of HTTP. Never rejects. */
  send?: ((attempt: AttemptToSend) => Promise<PostOutcome>) | undefined;
}

/** One attempt to deliver an event. */
export interface AttemptToSend {
  body: JsonObject;
  retryNum: number;
  retryReason: RetryReason | undefined;
  cutOff: CutOffPoint | undefined;
}

interface Job {
  record: { -readonly [K in keyof Delivery]: K extends 'attempts' ? DeliveryAttempt[] : Delivery[K] };
  rawBody: string;
  retryReason: RetryReason | undefined;
}

/** Posts signed events to the app over HTTP, with limited concurrency, and retries each event by Slack's rules. */
export class Deliverer {
  readonly cutOffs: CutOffs = new CutOffs();
  /** The URL to which events are posted; if undefined, events are dropped. */
  url: string | undefined;
  readonly #options: DelivererOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #queue: Job[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();
  readonly #waiting = new Set<() => void>();
  #active = 0;
  #pending = 0;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  /** All deliveries so far, in their current state, oldest first. */
  get deliveries(): Delivery[] {
    return [...this.#jobs.values()].map(({ record }) => ({ ...record, attempts: [...record.attempts] }));
  }

  /** The number of deliveries that are still pending. */
  get pending(): number {
    return this.#pending;
  }

  /** Queues an event and returns its delivery. */
  enqueue(body: JsonObject): Delivery {
    const event = isJsonObject(body.event) ? body.event : undefined;
    const eventId = typeof body.event_id === 'string' && body.event_id !== '' ? body.event_id : undefined;
    const id = `delivery-${this.#jobs.size + 1}`;
    const record = {
      id,
      eventId,
      type: String(event?.type ?? body.type),
      body,
      state: 'pending' as const,
      attempts: [],
    };
    const job: Job = { record, rawBody: JSON.stringify(body), retryReason: undefined };
    this.#jobs.set(id, job);
    this.#pending += 1;
    this.#queue.push(job);
    this.#fill();
    return { ...record };
  }

  /** Resolves when a delivery has succeeded, or has failed after all retries. */
  async settled(id: string): Promise<Delivery> {
    const job = this.#jobs.get(id);
    if (!job) throw new TypeError(`There is no delivery '${id}': pass the id of a delivery from deliveries()`);
    await this.#until(() => job.record.state !== 'pending');
    return { ...job.record, attempts: [...job.record.attempts] };
  }

  /** Resolves when no delivery is pending, or when the deliverer is closed. */
  async idle(): Promise<void> {
    await this.#until(() => this.#pending === 0);
  }

  /** Stops all deliveries. Pending deliveries stay pending. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#queue.length = 0;
    this.#wake();
  }

  #fill(): void {
    while (this.#active < this.#options.concurrency && !this.#closing.signal.aborted) {
      const job = this.#queue.shift();
      if (!job) return;
      this.#active += 1;
      void this.#attempt(job).finally(() => {
        this.#active -= 1;
        this.#fill();
      });
    }
  }

  async #attempt(job: Job): Promise<void> {
    const { record, retryReason } = job;
    const retryNum = record.attempts.length;
    const cutOff = this.cutOffs.take(record, retryNum);
    const at = Date.now();
    const startedAt = performance.now();
    const attempt = { body: record.body, retryNum, retryReason, cutOff };
    const outcome = await (this.#options.send?.(attempt) ?? this.#post(attempt, job.rawBody));
    if (this.#closing.signal.aborted) return;
    const { status, failure } = outcome;
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    record.attempts.push({ retryNum, retryReason, at, latencyMs, status, failure, cutOff });
    const delayMs = nextRetryDelayMs(record.attempts.length, outcome);
    if (delayMs === undefined) this.#settle(job, failure === undefined ? 'delivered' : 'failed');
    else this.#retry({ job, failure, delayMs });
  }

  #post({ retryNum, retryReason, cutOff }: AttemptToSend, rawBody: string): Promise<PostOutcome> {
    return post({
      url: this.url ?? '',
      body: rawBody,
      headers: {
        'content-type': 'application/json',
        accept: '*/*',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...signRequest({ signingSecret: this.#options.signingSecret, body: rawBody }),
        ...(retryReason === undefined
          ? {}
          : { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason }),
      },
      timeoutMs: this.#options.answerTimeoutMs,
      cutOff,
      signal: this.#closing.signal,
    });
  }

  #retry({ job, failure, delayMs }: { job: Job; failure: RetryReason | undefined; delayMs: number }): void {
    job.retryReason = failure;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.push(job);
      this.#fill();
    }, delayMs / this.#options.timeScale);
    this.#timers.add(timer);
  }

  #settle(job: Job, state: 'delivered' | 'failed'): void {
    job.record.state = state;
    this.#pending -= 1;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#closing.signal.aborted)
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
