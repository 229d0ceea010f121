import { randomUUID } from 'node:crypto';
import {
  backoffDelay,
  ConnectionError,
  type DedupeClaim,
  type Env,
  isQueueError,
  type Logger,
  QueueClosedError,
  QueueTimeoutError,
  type SharedDedupeStore,
} from '@slack-mcp/core';
import { assertInteger, MAX_TIMER_MS, pause, retryUntil } from '@slack-mcp/core/backend';
import { RedisConnection } from '../client.ts';
import { optionsFromEnv } from '../env.ts';
import { type ResolvedOptions, resolveOptions } from '../options.ts';
import { toQueueError, type Wants } from '../redis-error.ts';
import { CLAIM, PUBLISHED, RELEASE } from './dedupe-scripts.ts';
import type { RedisDedupeStoreOptions } from './dedupe-store-options.ts';

/** Milliseconds without a response after which the connection of the dedupe store counts as dead. */
const SILENCE_MS = 2_000;
/** The pause between two checks of another process's claim, in milliseconds. */
const LOOK = { initialDelayMs: 20, maxDelayMs: 200, jitter: 'none' } as const;

/**
 * Stores the ids of published messages in Redis for several processes, each id in a key `published:<id>`. A claim
 * expires after `claimMs`, so that a process that died does not block the others. A published id is kept for
 * `dedupeWindowMs`. Claiming an id and releasing a claim are each one atomic step.
 *
 * `claim` rejects within `answerTimeoutMs` when Redis does not answer, and at once while Redis is known to be
 * unavailable.
 */
export class RedisDedupeStore implements SharedDedupeStore, AsyncDisposable {
  readonly #options: ResolvedOptions;
  readonly #connection: RedisConnection;
  readonly #claimMs: number;
  readonly #answerTimeoutMs: number;
  readonly #wants: Wants;
  readonly #settling = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #connecting: Promise<void> | undefined;

  /**
   * Does not connect until the store is first used.
   *
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: RedisDedupeStoreOptions) {
    const { claimMs = 3_000, answerTimeoutMs = 500 } = options;
    assertInteger('claimMs', claimMs, 1, MAX_TIMER_MS);
    assertInteger('answerTimeoutMs', answerTimeoutMs, 1, MAX_TIMER_MS);
    const resolved = resolveOptions(options);
    this.#options = resolved;
    this.#claimMs = claimMs;
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#wants = { kind: 'a string', permissions: `the keys ~${resolved.prefix}published:*` };
    const responseTimeoutMs = Math.min(resolved.responseTimeoutMs, SILENCE_MS);
    this.#connection = new RedisConnection({ ...resolved, responseTimeoutMs }, 'dedupe-store');
  }

  /**
   * Creates a store from the environment variables of the Redis backend.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisDedupeStore {
    return new RedisDedupeStore(optionsFromEnv(env, logger));
  }

  async claim(id: string, timeoutMs: number): Promise<DedupeClaim | 'published'> {
    const deadline = performance.now() + timeoutMs;
    const key = `${this.#options.prefix}published:${id}`;
    const token = randomUUID();
    for (let looks = 0; ; looks += 1) {
      const present = await this.#take(key, token);
      if (present === PUBLISHED) return 'published';
      if (present === token) return this.#claimOf(key, token);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0)
        throw new QueueTimeoutError(
          'another process is publishing the same message and has not finished yet: try again later',
        );
      const delayMs = Math.min(backoffDelay(looks, LOOK), leftMs);
      if (!(await pause(delayMs, this.#closing.signal))) throw closed();
    }
  }

  async health(): ReturnType<SharedDedupeStore['health']> {
    const { endpoint } = this.#options;
    try {
      await this.#within('checking the health', this.#connection.call('PING'));
      return { status: 'up', detail: { endpoint } };
    } catch (cause) {
      const { code, message } = toQueueError(cause, 'checking the health', endpoint);
      return { status: 'degraded', detail: { endpoint, code, problem: message } };
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#settling);
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(key: string, token: string): Promise<unknown> {
    const doing = 'claiming an id';
    if (this.#closing.signal.aborted) throw closed();
    const { isReady, lastError } = this.#connection;
    if (!isReady && lastError !== undefined) {
      this.#reconnect();
      throw this.#explain(lastError, doing);
    }
    const answer = CLAIM.run(this.#connection, [key], [token, this.#claimMs]);
    try {
      return await this.#within(doing, answer);
    } catch (error) {
      // If Redis executes the claim later, the claim is useless and would delay the retry.
      void answer.then((present) => (present === token ? this.#release(key, token) : undefined)).catch(() => undefined);
      throw error;
    }
  }

  /** Reconnects in the background, so that a later call finds an open connection. */
  #reconnect(): void {
    const done = (): void => {
      this.#connecting = undefined;
    };
    this.#connecting ??= this.#connection.ready().then(done, done);
  }

  #claimOf(key: string, token: string): DedupeClaim {
    return {
      confirm: () => this.#track(this.#confirm(key)),
      release: () => this.#track(this.#release(key, token)),
    };
  }

  /**
   * Marks the id as published. Overrides the claim of another process, because the queue has already stored the
   * message.
   */
  async #confirm(key: string): Promise<void> {
    const { timeoutMs, dedupeWindowMs, retryDelayMs } = this.#options;
    const confirm = (): Promise<unknown> =>
      this.#within('confirming an id', this.#connection.call('SET', key, PUBLISHED, 'PX', dedupeWindowMs));
    const { signal } = this.#closing;
    try {
      await retryUntil(confirm, { timeoutMs, initialDelayMs: retryDelayMs, jitter: 'full', signal });
    } catch (error) {
      throw signal.aborted && isQueueError(error) && error.retryable ? closed() : error;
    }
  }

  async #release(key: string, token: string): Promise<void> {
    await this.#within('releasing an id', RELEASE.run(this.#connection, [key], [token]));
  }

  async #track(step: Promise<void>): Promise<void> {
    this.#settling.add(step);
    try {
      await step;
    } finally {
      this.#settling.delete(step);
    }
  }

  #within<T>(doing: string, answer: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const late = setTimeout(() => {
      const problem = `Redis has not answered within ${this.#answerTimeoutMs} ms`;
      reject(new ConnectionError(`${doing} at ${this.#options.endpoint}: ${problem}; is Redis up and reachable?`));
    }, this.#answerTimeoutMs);
    answer.then(resolve, (error: unknown) => reject(this.#explain(error, doing))).finally(() => clearTimeout(late));
    return promise;
  }

  #explain(error: unknown, doing: string): ReturnType<typeof toQueueError> {
    return toQueueError(error, doing, this.#options.endpoint, this.#wants);
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the dedupe store is closed: create a new one');
}
