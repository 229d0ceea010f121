import { createHash } from 'node:crypto';
import type { IdempotencyRecord, IdempotencyStore, JsonObject, Logger } from '@slack-mcp/core';
import { SlackApiError, SlackError, SlackNetworkError, unlessAborted } from '@slack-mcp/slack';
import { isExplained } from '../../explained-error.ts';
import { IdempotencyError } from './idempotency-error.ts';

/** A request for work that must be done at most once. */
export interface OnceRequest<Result extends JsonObject> {
  readonly key: string;
  /** The owner of the key; absent without authentication. A caller cannot see the keys of other callers. */
  readonly caller?: string | undefined;
  /** The content that belongs to the key. A key cannot be used again for different content. */
  readonly content: JsonObject;
  readonly signal: AbortSignal;
  run(): Promise<Result>;
}

/** Slack errors after which Slack may have done part of the work. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Runs work at most once per key, and returns the same result for every call with that key. */
export class Idempotency {
  readonly #running = new Map<string, { fingerprint: string; result: Promise<JsonObject> }>();
  readonly #store: IdempotencyStore;
  readonly #scope: string;
  readonly #logger: Logger;

  /** @param options - `scope` separates the keys of several workspaces in the same store */
  constructor(store: IdempotencyStore, { scope, logger }: { scope: string; logger: Logger }) {
    this.#store = store;
    this.#scope = scope;
    this.#logger = logger;
  }

  /**
   * Runs the request, or returns the stored result.
   *
   * @throws IdempotencyError - the key was used for different content, or the outcome of its first use is unknown
   * @throws the error of `run` - the key can be used again if the work certainly had no effect
   */
  async once<Result extends JsonObject>(request: OnceRequest<Result>): Promise<Result> {
    const { content, signal } = request;
    const key = keyOf(request);
    const fingerprint = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    const running = this.#running.get(key);
    if (running !== undefined) {
      if (running.fingerprint !== fingerprint) throw new IdempotencyError('idempotency_key_reused');
      return (await unlessAborted(running.result.catch(asUncertain), signal)) as Result;
    }
    const result = this.#run(key, fingerprint, request).finally(() => this.#running.delete(key));
    this.#running.set(key, { fingerprint, result });
    return result;
  }

  async #run<Result extends JsonObject>(
    key: string,
    fingerprint: string,
    { run, caller, signal }: OnceRequest<Result>,
  ): Promise<Result> {
    const scoped = this.#scope + key;
    const known = await this.#claim(scoped, fingerprint, caller, signal);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) throw new IdempotencyError('idempotency_key_reused');
      if (known.result === undefined) throw new IdempotencyError('idempotency_uncertain');
      return known.result as Result;
    }
    if (signal.aborted) {
      await this.#record(() => this.#store.release(scoped));
      throw signal.reason;
    }
    try {
      const result = await run();
      await this.#record(() => this.#store.complete(scoped, result));
      return result;
    } catch (error) {
      await this.#record(async () => (isCertain(error) ? this.#store.release(scoped) : this.#store.abandon?.(scoped)));
      throw error;
    }
  }

  async #claim(
    key: string,
    fingerprint: string,
    caller: string | undefined,
    signal: AbortSignal,
  ): Promise<IdempotencyRecord | undefined> {
    try {
      return await this.#store.claim(key, fingerprint, caller, signal);
    } catch (error) {
      if (error instanceof IdempotencyError) throw error;
      signal.throwIfAborted();
      this.#logger.error({ error: nameOf(error) }, 'idempotency_store_failed');
      throw new IdempotencyError('idempotency_unavailable');
    }
  }

  /**
   * Writes the outcome of the work to the store. If the store fails, the outcome stays unknown, so the work is not
   * repeated.
   */
  async #record(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#logger.error({ error: nameOf(error) }, 'idempotency_store_failed');
    }
  }
}

/** Encodes caller and key in one string, so that different pairs have different strings. */
function keyOf({ key, caller }: OnceRequest<JsonObject>): string {
  return caller === undefined ? key : JSON.stringify([caller, key]);
}

/**
 * Returns the code of a system error, otherwise the error's name. A code such as `ENOSPC` says more than the name
 * `Error`.
 */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return String((error as NodeJS.ErrnoException).code ?? error.name);
}

/** Whether an error means that the work certainly had no effect. */
function isCertain(error: unknown): boolean {
  if (error instanceof SlackNetworkError) return !error.outcomeUnknown;
  if (error instanceof SlackApiError) return !UNCERTAIN.has(error.slackError);
  return error instanceof SlackError || (isExplained(error) && error.changedNothing === true);
}

/**
 * Throws the error for a call that waited for another call with the same key. If the other call was cancelled, its
 * outcome is uncertain.
 */
function asUncertain(error: unknown): never {
  throw error instanceof SlackError || error instanceof IdempotencyError
    ? error
    : new IdempotencyError('idempotency_uncertain');
}
