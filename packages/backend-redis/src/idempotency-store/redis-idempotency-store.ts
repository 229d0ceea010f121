import { createHash, randomUUID } from 'node:crypto';
import {
  backoffDelay,
  type Env,
  type IdempotencyRecord,
  type JsonObject,
  type Logger,
  SerializationError,
  type SharedIdempotencyStore,
} from '@slack-mcp/core';
import { assertInteger, MAX_TIMER_MS, pause, retryUntil } from '@slack-mcp/core/backend';
import { optionsFromEnv } from '../env.ts';
import { resolveOptions } from '../options.ts';
import { RetryingConnection } from '../retrying-connection.ts';
import { CLAIM, COMPLETE, RELEASE, RENEW } from './idempotency-scripts.ts';
import type { RedisIdempotencyStoreOptions } from './idempotency-store-options.ts';

const DAY_MS = 86_400_000;
/** The pause between two checks of another process's claim, in milliseconds. */
const LOOK = { initialDelayMs: 20, maxDelayMs: 500, jitter: 'none' } as const;
/** Milliseconds for which the store tries to undo a claim whose answer was lost. */
const UNDO_MS = 60_000;

/** A claim of this process. */
interface Claim {
  readonly key: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly renewal?: NodeJS.Timeout;
}

/** The record of a key, and whether a living process is still doing the work. */
type Known = IdempotencyRecord & { readonly isRunning: boolean };

/**
 * Stores idempotency keys and their results in Redis for several processes. Each key has a hash
 * `mcp:idempotency:<digest>`. Keys are stored as digests, because they may contain private data.
 *
 * A claim has a token and a lease. While the lease runs, `claim` waits for the outcome. If the process of a claim dies,
 * the lease runs out. The key is not granted again, because the work may have been done; its record has no result.
 *
 * Methods reject with a retryable `QueueError` if Redis was unavailable for longer than `timeoutMs`.
 */
export class RedisIdempotencyStore implements SharedIdempotencyStore, AsyncDisposable {
  readonly #prefix: string;
  readonly #ttlMs: number;
  readonly #leaseMs: number;
  readonly #connection: RetryingConnection;
  readonly #claims = new Map<string, Claim>();
  readonly #closing = new AbortController();

  /**
   * Does not connect until the store is first used.
   *
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: RedisIdempotencyStoreOptions) {
    const { ttlMs = DAY_MS, leaseMs = 10_000, timeoutMs = 3_000, ...place } = options;
    assertInteger('ttlMs', ttlMs, 1);
    assertInteger('leaseMs', leaseMs, 1, MAX_TIMER_MS);
    const resolved = resolveOptions({ ...place, timeoutMs });
    this.#prefix = `${resolved.prefix}mcp:idempotency:`;
    this.#ttlMs = ttlMs;
    this.#leaseMs = leaseMs;
    const wants = { kind: 'an idempotency key', permissions: `the keys ~${this.#prefix}*` };
    this.#connection = new RetryingConnection(resolved, 'idempotency-store', 'idempotency store', wants);
  }

  /**
   * Creates a store from the environment variables of the Redis backend.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisIdempotencyStore {
    const { timeoutMs: _, leaseMs: __, ...place } = optionsFromEnv(env, logger);
    return new RedisIdempotencyStore(place);
  }

  async claim(
    plain: string,
    fingerprint: string,
    _caller?: string,
    signal?: AbortSignal,
  ): Promise<IdempotencyRecord | undefined> {
    const key = this.#prefix + createHash('sha256').update(plain).digest('hex');
    const claim = { key, fingerprint, token: randomUUID() };
    for (let looks = 0; ; looks += 1) {
      const known = await this.#take(claim);
      if (known === undefined) {
        this.#claims.set(plain, { ...claim, renewal: this.#keepRenewing(claim) });
        return undefined;
      }
      const { isRunning, ...record } = known;
      if (!isRunning || record.fingerprint !== fingerprint) return record;
      if (!(await pause(backoffDelay(looks, LOOK), signal))) throw signal?.reason;
    }
  }

  async complete(plain: string, result: JsonObject): Promise<void> {
    const claim = this.#end(plain);
    if (claim === undefined) return;
    const args = [claim.fingerprint, claim.token, JSON.stringify(result), this.#ttlMs];
    await this.#connection.run('storing the result of an idempotency key', COMPLETE, [claim.key], args);
  }

  async release(plain: string): Promise<void> {
    const claim = this.#end(plain);
    if (claim !== undefined) await this.#release(claim);
  }

  async abandon(plain: string): Promise<void> {
    const claim = this.#end(plain);
    if (claim !== undefined) await this.#renew(claim, 0);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const plain of this.#claims.keys()) this.#end(plain);
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Claims the key. If the key is already claimed, returns the record of that claim. */
  async #take(claim: Claim): Promise<Known | undefined> {
    const { key, fingerprint, token } = claim;
    const args = [fingerprint, token, this.#leaseMs, this.#ttlMs];
    let answer: unknown;
    try {
      answer = await this.#connection.run('claiming an idempotency key', CLAIM, [key], args);
    } catch (error) {
      // Redis may have granted the claim, or grant it later. The work does not start, so the key must be free again.
      void this.#undo(claim);
      throw error;
    }
    const [stored, running, result] = answer as [string?, number?, string?];
    if (stored === undefined) return undefined;
    const isRunning = running === 1;
    return { fingerprint: stored, isRunning, ...(result && { result: parseResult(result) }) };
  }

  async #undo(claim: Claim): Promise<void> {
    const { signal } = this.#closing;
    // If this fails, the lease ends, and the store reports an unknown outcome for a post that never began.
    await retryUntil(() => this.#release(claim), { timeoutMs: UNDO_MS, signal }).catch(() => undefined);
  }

  async #release({ key, token }: Claim): Promise<void> {
    await this.#connection.run('releasing an idempotency key', RELEASE, [key], [token]);
  }

  /** Renews the lease while the claim lasts, so that other processes wait for its outcome. */
  #keepRenewing(claim: Claim): NodeJS.Timeout {
    const renew = (): void => void this.#renew(claim, this.#leaseMs).catch(() => undefined);
    return setInterval(renew, Math.ceil(this.#leaseMs / 3)).unref();
  }

  async #renew({ key, token }: Claim, leaseMs: number): Promise<void> {
    await this.#connection.run('renewing an idempotency key', RENEW, [key], [token, leaseMs]);
  }

  #end(plain: string): Claim | undefined {
    const claim = this.#claims.get(plain);
    clearInterval(claim?.renewal);
    this.#claims.delete(plain);
    return claim;
  }
}

function parseResult(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (cause) {
    throw new SerializationError('the stored result of an idempotency key is not valid JSON: use a new key', { cause });
  }
}
