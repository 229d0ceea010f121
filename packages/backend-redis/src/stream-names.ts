import type { QueueKey } from '@slack-mcp/core';

/** The names at Redis of what belongs to one key. The hash tag keeps all of them in the slot of the stream. */
export class StreamNames {
  readonly key: QueueKey;
  readonly stream: string;
  readonly #tag: string;

  constructor(prefix: string, key: QueueKey) {
    this.key = key;
    this.stream = `${prefix}${key}`;
    this.#tag = `{${this.stream}}`;
  }

  /** Exists while publishing `messageId` again stores nothing. */
  dedupe(messageId: string): string {
    return `${this.#tag}:dedupe:${messageId}`;
  }

  /** The last batch of a publisher. */
  publisher(id: string): string {
    return `${this.#tag}:publisher:${id}`;
  }

  /** The parked messages of a group: a stream. */
  dead(group: string): string {
    return `${this.#tag}:dead:${group}`;
  }

  /** What was given back to a group: a stream that only it reads. */
  redrive(group: string): string {
    return `${this.#tag}:redrive:${group}`;
  }

  /** Where Redis does not say what groups lag behind: how far that was counted. */
  get counted(): string {
    return `${this.#tag}:counted`;
  }

  /** When messages that consumers hold are due again, in milliseconds since the epoch: a sorted set of ids. */
  delayed(group: string): string {
    return `${this.#tag}:delayed:${group}`;
  }
}
