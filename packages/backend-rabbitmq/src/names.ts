import { createHash } from 'node:crypto';
import type { QueueKey } from '@slack-mcp/core';
import type { ResolvedOptions } from './options.ts';

/** Maximum length in bytes that AMQP allows for the name of a queue. */
const MAX_NAME = 255;
const DIGEST_LENGTH = 32;

/**
 * The names of exchanges and queues at RabbitMQ. Colons separate the parts of a name. Keys, groups and patterns contain
 * no colon, so two different objects never have the same name.
 */
export class Names {
  readonly exchange: string;
  /** The headers exchange that routes messages with a retry delay to their delay queue. */
  readonly delays: string;
  readonly #prefix: string;

  constructor({ prefix, exchange }: Pick<ResolvedOptions, 'prefix' | 'exchange'>) {
    this.#prefix = prefix;
    this.exchange = exchange;
    this.delays = `${exchange}:delays`;
  }

  /** Returns the name of a group's queue for one key, or for several patterns that overlap. */
  group(group: string, keys: readonly QueueKey[]): string {
    return this.#name(`${group}:${[...keys].sort().join(',')}`);
  }

  deadLetters(group: string): string {
    return this.#name(`${group}::dead-letters`);
  }

  /** Returns the name of the exclusive queue of the connection that reads a group's dead letters. */
  deadLetterReader(group: string): string {
    return this.#name(`${group}::dead-letters-reader`);
  }

  delay(ms: number): string {
    return `${this.delays}:${ms}`;
  }

  /** Returns the name of an independent consumer's queue. */
  independent(id: string): string {
    return this.#name(`:independent:${id}`);
  }

  /** Returns the name of a queue without messages, whose declaration makes RabbitMQ write earlier queues to disk. */
  flush(id: string): string {
    return this.#name(`:flush:${id}`);
  }

  #name(name: string): string {
    const whole = `${this.#prefix}${name}`;
    if (whole.length <= MAX_NAME) return whole;
    const digest = createHash('sha256').update(whole).digest('hex').slice(0, DIGEST_LENGTH);
    return `${whole.slice(0, MAX_NAME - DIGEST_LENGTH - 1)}:${digest}`;
  }
}
