import { type QueueError, QueueFullError } from '@slack-mcp/core';
import type { OutgoingMessage, PublishOutcome, PublishReport } from '@slack-mcp/core/backend';
import { ReplyError } from 'ioredis';
import type { Argument, RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { replyCode } from './redis-error.ts';
import { KEY_SPAN, publishScript, SEQUENCE_SPAN, SKIPPED, TRIMMED } from './scripts/publish.ts';
import { encodeFurtherFields } from './stream-entry.ts';
import { StreamNames } from './stream-names.ts';

/** For how long Redis remembers what it answered, after the time of the last message is over, in milliseconds. */
const MEMORY_MS = 15 * 60_000;
/** How often the age of history is looked at, in milliseconds. */
const AGE_CHECK_MS = 1_000;
/** The script's answer: places of messages that were refused, then the place from which on and why nothing was stored. */
const ANSWER = /^([\d,]*)(?:;(\d+) (.*))?$/s;
const STORED: PublishOutcome = { status: 'stored' };

/** Messages that are under way, by their sequence numbers. */
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
  /** Why history was not trimmed the last time. */
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

  /** A full memory or disk is for the caller to know; what else passes is waited for. */
  #failed(cause: unknown): PublishOutcome {
    const error = this.#toError(cause);
    if (replyCode(cause) === undefined) return { status: 'unknown', error };
    return { status: 'refused', error, retry: error.retryable && error.code !== 'ERR_QUEUE_PUBLISH' };
  }

  #full(): QueueFullError {
    const { endpoint, maxBacklog } = this.#options;
    return new QueueFullError(
      `publishing to ${this.#names.key} at ${endpoint}: a group has ${maxBacklog} unacknowledged messages; let it catch up, delete it, or raise REDIS_MAX_BACKLOG`,
    );
  }

  /** Once, however often it fails. */
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
