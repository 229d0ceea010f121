import type { QueueKey } from '@slack-mcp/core';

/** The names in Redis for one key. The hash tag puts all of them in the same slot. */
export class StreamNames {
  readonly key: QueueKey;
  readonly stream: string;
  readonly #tag: string;

  constructor(prefix: string, key: QueueKey) {
    this.key = key;
    this.stream = `${prefix}${key}`;
    this.#tag = `{${this.stream}}`;
  }

  /** The key that exists for the dedupe window: until it expires, a repeated `messageId` is not stored again. */
  dedupe(messageId: string): string {
    return `${this.#tag}:dedupe:${messageId}`;
  }

  /** The last messages that a publisher sent. */
  publisher(id: string): string {
    return `${this.#tag}:publisher:${id}`;
  }

  /** The stream with the dead letters of a group. */
  dead(group: string): string {
    return `${this.#tag}:dead:${group}`;
  }

  /** The stream with redriven messages of a group. Only this group reads the stream. */
  redrive(group: string): string {
    return `${this.#tag}:redrive:${group}`;
  }

  /** The position up to which the lag of each group was counted, for servers that do not report it. */
  get counted(): string {
    return `${this.#tag}:counted`;
  }

  /** A sorted set of ids: when delayed messages are due again, in milliseconds since the epoch. */
  delayed(group: string): string {
    return `${this.#tag}:delayed:${group}`;
  }
}
