import type { QueueKey } from '@slack-mcp/core';

/** The names of all Redis keys of one queue key. A hash tag puts all these keys in the same slot of a cluster. */
export class StreamNames {
  readonly key: QueueKey;
  readonly stream: string;
  readonly #tag: string;

  constructor(prefix: string, key: QueueKey) {
    this.key = key;
    this.stream = `${prefix}${key}`;
    this.#tag = `{${this.stream}}`;
  }

  /**
   * The Redis key of a published `messageId`. Until the key expires after the dedupe window, a message with this id is
   * not stored again.
   */
  dedupe(messageId: string): string {
    return `${this.#tag}:dedupe:${messageId}`;
  }

  /** The Redis key with the last messages that a publisher sent. */
  publisher(id: string): string {
    return `${this.#tag}:publisher:${id}`;
  }

  /** The stream with the dead letters of a group. */
  dead(group: string): string {
    return `${this.#tag}:dead:${group}`;
  }

  /** The stream with the redriven messages of a group. Other groups do not read this stream. */
  redrive(group: string): string {
    return `${this.#tag}:redrive:${group}`;
  }

  /**
   * The Redis key with the position up to which the lag of each group was counted, for servers that do not report the
   * lag.
   */
  get counted(): string {
    return `${this.#tag}:counted`;
  }

  /**
   * The sorted set of delayed messages: each id with the time when the message is due again, in milliseconds since the
   * epoch.
   */
  delayed(group: string): string {
    return `${this.#tag}:delayed:${group}`;
  }
}
