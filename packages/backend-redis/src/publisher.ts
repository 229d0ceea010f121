import { randomUUID } from 'node:crypto';
import type { QueueError } from '@slack-mcp/core';
import type {
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
  ResolvedPublish,
} from '@slack-mcp/core/backend';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { PUBLISHING, toQueueError } from './redis-error.ts';
import { StreamWriter } from './stream-writer.ts';

/** Stores messages in Redis. Messages of one stream are stored in order. */
export class RedisPublishTarget implements PublishTarget {
  /** Maximum number of batches in flight. The next batches are encoded while Redis stores the previous batches. */
  readonly depth = 4;
  readonly #connect: () => RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #id = randomUUID();
  readonly #writers = new Map<string, StreamWriter>();

  /** @param connect - returns the connection, which may not be open yet */
  constructor(connect: () => RedisConnection, options: ResolvedOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  laneOf({ key }: ResolvedPublish): string {
    return key;
  }

  connect(key: string): Promise<void> | undefined {
    const connection = this.#connect();
    if (connection.isReady) return undefined;
    return connection.ready().catch((cause: unknown) => {
      throw this.#toError(cause, key);
    });
  }

  send(key: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    let writer = this.#writers.get(key);
    if (writer === undefined) {
      writer = new StreamWriter(key, this.#id, this.#options, (cause) => this.#toError(cause, key));
      this.#writers.set(key, writer);
    }
    return writer.write(this.#connect(), batch, report);
  }

  #toError(cause: unknown, key: string): QueueError {
    return toQueueError(cause, `publishing to ${key}`, this.#options.endpoint, PUBLISHING);
  }
}
