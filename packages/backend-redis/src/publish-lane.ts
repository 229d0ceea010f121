import { randomUUID } from 'node:crypto';
import { setTimeout as elapse } from 'node:timers/promises';
import { backoffDelay, type QueueError, QueueFullError } from '@slack-mcp/core';
import { ReplyError } from 'ioredis';
import type { Argument, RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import type { PendingPublish } from './pending-publish.ts';
import { PUBLISHING, replyCode, toQueueError } from './redis-error.ts';
import { publishScript, TRIMMED } from './scripts/publish.ts';
import { encodeFurtherFields } from './stream-entry.ts';
import type { StreamNames } from './stream-names.ts';

/** For how long Redis remembers the last batch after it was tried for the last time, in milliseconds. */
const BATCH_MEMORY_MS = 15 * 60_000;
/** How often the age of history is looked at, in milliseconds. */
const AGE_CHECK_MS = 1_000;
const MAX_DELAY_MS = 2_000;
/** More than the arguments that one message can have. */
const FIELDS_SPAN = 4_096;
/** What the script says of a batch: places that were too many, then a place and why it and the rest were refused. */
const ANSWER = /^([\d,]*)(?:;(\d+) (.*))?$/s;

/**
 * Stores batches one after the other. Each has a number under which Redis remembers the last one: a batch whose answer
 * was lost is sent again as it was and stored once, whatever its messages.
 */
export class PublishLane {
  readonly #connection: RedisConnection;
  readonly #names: StreamNames;
  readonly #options: ResolvedOptions;
  readonly #publisherKey: string;
  #number = 0;
  #ageCheckedAt = Number.NEGATIVE_INFINITY;
  /** Why history was not trimmed the last time. */
  #trouble = '';
  busy = false;

  constructor(connection: RedisConnection, names: StreamNames, options: ResolvedOptions) {
    this.#connection = connection;
    this.#names = names;
    this.#options = options;
    this.#publisherKey = names.publisher(randomUUID());
  }

  /** Settles each message of the batch. Never rejects. */
  async store(batch: readonly PendingPublish[], signal: AbortSignal): Promise<void> {
    this.#number += 1;
    const { keys, args } = this.#encode(batch);
    for (let attempt = 0; ; attempt += 1) {
      try {
        let answer: string;
        let trouble: string;
        do [answer, trouble] = (await publishScript.run(this.#connection, keys, args)) as [string, string];
        while (answer === TRIMMED);
        this.#settle(batch, answer);
        this.#tell(trouble);
        return;
      } catch (cause) {
        const error = this.#toError(cause);
        if (!isPassing(error) || attempt >= this.#options.maxRetries) {
          for (const pending of batch) pending.reject(error);
          return;
        }
        if (replyCode(cause) !== undefined) for (const pending of batch) pending.refusal = cause as Error;
      }
      if (!(await pause(attempt, this.#options.retryDelayMs, signal))) return;
      if (batch.every((pending) => pending.settled)) return;
    }
  }

  #settle(batch: readonly PendingPublish[], answer: string): void {
    const [, places = '', place, failure = ''] = ANSWER.exec(answer) ?? [];
    if (places !== '') {
      const { endpoint, maxBacklog } = this.#options;
      for (const full of places.split(',')) {
        batch[Number(full)]?.reject(
          new QueueFullError(
            `publishing to ${this.#names.key} at ${endpoint}: a group is owed ${maxBacklog} messages already; let it catch up, delete it, or raise REDIS_MAX_BACKLOG`,
          ),
        );
      }
    }
    if (place !== undefined) {
      const error = this.#toError(new ReplyError(failure));
      for (const pending of batch.slice(Number(place))) pending.reject(error);
    }
    for (const pending of batch) pending.resolve();
  }

  /** Once, however often it is tried. */
  #tell(trouble: string): void {
    if (trouble !== '' && trouble !== this.#trouble) {
      const err = this.#toError(new ReplyError(trouble));
      this.#options.logger.warn({ key: this.#names.key, err }, 'queue_trim_failed');
    }
    this.#trouble = trouble;
  }

  #toError(cause: unknown): QueueError {
    return toQueueError(cause, `publishing to ${this.#names.key}`, this.#options.endpoint, PUBLISHING);
  }

  #encode(batch: readonly PendingPublish[]): { keys: string[]; args: Argument[] } {
    const { dedupeWindowMs, maxBacklog, maxLength, retentionMs, groups } = this.#options;
    const now = performance.now();
    const looks = now - this.#ageCheckedAt >= AGE_CHECK_MS;
    if (looks) this.#ageCheckedAt = now;
    const keys = [this.#names.stream, this.#publisherKey, this.#names.counted];
    const memoryMs = BATCH_MEMORY_MS + Math.ceil(Math.max(...batch.map(({ message }) => message.timeoutMs)));
    const args: Argument[] = [this.#number, memoryMs, dedupeWindowMs, maxBacklog, maxLength];
    args.push(looks ? retentionMs : -1, batch.length, groups.length, ...groups);
    for (const pending of batch) {
      const { message } = pending;
      pending.sent = true;
      const further = encodeFurtherFields(message);
      const place = message.identified ? keys.push(this.#names.dedupe(message.messageId)) : 0;
      args.push(place * FIELDS_SPAN + further.length, message.text, message.messageId, message.timestamp, ...further);
    }
    return { keys, args };
  }
}

/** Whether waiting can cure it. A full memory is the caller's to know. */
export function isPassing(error: QueueError): boolean {
  return error.retryable && error.code !== 'ERR_QUEUE_PUBLISH';
}

/** Waits before repetition number `attempt`, counted from 0; `false` when there must be none. */
export async function pause(attempt: number, initialDelayMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    const delay = backoffDelay(attempt, { initialDelayMs, maxDelayMs: MAX_DELAY_MS, jitter: 'none' });
    await elapse(delay, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
