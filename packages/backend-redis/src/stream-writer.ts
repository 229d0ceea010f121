import { type QueueError, QueueFullError } from '@slack-mcp/core';
import type { OutgoingMessage, PublishOutcome, PublishReport } from '@slack-mcp/core/backend';
import { ReplyError } from 'ioredis';
import type { Argument, RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { replyCode } from './redis-error.ts';
import { KEY_SPAN, publishScript, SEQUENCE_SPAN, SKIPPED, TRIMMED } from './scripts/publish.ts';
import { encodeFurtherFields } from './stream-entry.ts';
import { StreamNames } from './stream-names.ts';

/** Milliseconds for which Redis remembers the results of a publisher after the timeout of its last message. */
const MEMORY_MS = 15 * 60_000;
/** Milliseconds between two checks for history that is old enough to be trimmed. */
const AGE_CHECK_MS = 1_000;
/**
 * Matches the result of `publishScript`: the indexes of refused messages, then the index of the first message that was
 * not stored, and the reason.
 */
const ANSWER = /^([\d,]*)(?:;(\d+) (.*))?$/s;
const STORED: PublishOutcome = { status: 'stored' };

/** The sequence numbers of messages in flight. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** Stores batches in one stream. */
export class StreamWriter {
  readonly #names: StreamNames;
  readonly #publisherKey: string;
  readonly #options: ResolvedOptions;
  readonly #toError: (cause: unknown) => QueueError;
  #underWay: readonly Range[] = [];
  #ageCheckedAt = Number.NEGATIVE_INFINITY;
  /** The error of the last attempt to trim history, or an empty string. */
  #trouble = '';

  constructor(key: string, publisher: string, options: ResolvedOptions, toError: (cause: unknown) => QueueError) {
    this.#names = new StreamNames(options.prefix, key);
    this.#publisherKey = this.#names.publisher(publisher);
    this.#options = options;
    this.#toError = toError;
  }

  async write(
    connection: RedisConnection,
    batch: readonly OutgoingMessage[],
    report: PublishReport,
  ): Promise<PublishOutcome> {
    const range: Range = { first: batch[0]?.sequence ?? 0, last: batch.at(-1)?.sequence ?? 0 };
    const { keys, args } = this.#encode(batch, range.first);
    this.#underWay = [...this.#underWay, range];
    try {
      let answer: string;
      let trouble: string;
      do [answer, trouble] = (await publishScript.run(connection, keys, args)) as [string, string];
      while (answer === TRIMMED);
      if (answer === SKIPPED) return { status: 'skipped' };
      this.#warn(trouble);
      return answer === '' ? STORED : this.#report(answer, batch.length, report);
    } catch (cause) {
      return this.#failed(cause);
    } finally {
      this.#underWay = this.#underWay.filter((other) => other !== range);
    }
  }

  #report(answer: string, length: number, report: PublishReport): PublishOutcome {
    const [, places = '', from, failure = ''] = ANSWER.exec(answer) ?? [];
    for (const place of places === '' ? [] : places.split(',')) {
      report(Number(place), { status: 'refused', error: this.#full(), retry: false });
    }
    if (from !== undefined) {
      const outcome = this.#failed(new ReplyError(failure));
      for (let place = Number(from); place < length; place += 1) report(place, outcome);
    }
    return STORED;
  }

  /**
   * Decides whether publishing is retried after an error. If the memory or the disk of Redis is full, the caller
   * receives the error. Other temporary errors are retried.
   */
  #failed(cause: unknown): PublishOutcome {
    const error = this.#toError(cause);
    if (replyCode(cause) === undefined) return { status: 'unknown', error };
    return { status: 'refused', error, retry: error.retryable && error.code !== 'ERR_QUEUE_PUBLISH' };
  }

  #full(): QueueFullError {
    const { endpoint, maxBacklog } = this.#options;
    return new QueueFullError(
      `publishing to ${this.#names.key} at ${endpoint}: at least one group has ${maxBacklog} unacknowledged messages (find it with XINFO GROUPS); let it catch up, delete it if it is no longer used, or raise REDIS_MAX_BACKLOG`,
    );
  }

  /** Logs an error that trimming caused, unless it is the same as the last error. */
  #warn(trouble: string): void {
    if (trouble !== '' && trouble !== this.#trouble) {
      const err = this.#toError(new ReplyError(trouble));
      this.#options.logger.warn({ key: this.#names.key, err }, 'queue_trim_failed');
    }
    this.#trouble = trouble;
  }

  #encode(batch: readonly OutgoingMessage[], first: number): { keys: string[]; args: Argument[] } {
    const { dedupeWindowMs, maxBacklog, maxLength, retentionMs, groups } = this.#options;
    const now = performance.now();
    const looks = now - this.#ageCheckedAt >= AGE_CHECK_MS;
    if (looks) this.#ageCheckedAt = now;
    const keys = [this.#names.stream, this.#publisherKey, this.#names.counted];
    const memoryMs = MEMORY_MS + Math.ceil(Math.max(...batch.map(({ message }) => message.timeoutMs)));
    const after = this.#underWay.at(-1)?.last ?? 0;
    const args: Argument[] = [after, this.#underWay[0]?.first ?? first, first, memoryMs, dedupeWindowMs];
    args.push(maxBacklog, maxLength, looks ? retentionMs : -1, batch.length, groups.length, ...groups);
    for (const { message, sequence } of batch) {
      const further = encodeFurtherFields(message);
      const place = message.identified ? keys.push(this.#names.dedupe(message.messageId)) : 0;
      const packed = ((sequence - first) * SEQUENCE_SPAN + place) * KEY_SPAN + further.length;
      args.push(packed, message.text, message.messageId, message.timestamp, ...further);
    }
    return { keys, args };
  }
}
