import {
  type PublishOptions,
  type QueueKey,
  type QueuePayload,
  resolvePublish,
  SerializationError,
  silentLogger,
} from '@slack-mcp/core';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { PublishQueue } from './publish-queue.ts';
import { StreamNames } from './stream-names.ts';

/** A script takes so many fields of one entry with room to spare. */
const MAX_HEADERS = 1_000;

/** Puts messages into streams, each stream through a queue of its own. */
export class RedisPublisher {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #queues = new Map<QueueKey, PublishQueue>();

  constructor(connection: RedisConnection, options: ResolvedOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async publish(key: QueueKey, payload: QueuePayload, options: PublishOptions | undefined): Promise<void> {
    const message = resolvePublish(key, payload, options, this.#options);
    if (Object.keys(message.headers).length > MAX_HEADERS) {
      throw new SerializationError(`a message has at most ${MAX_HEADERS} headers`);
    }
    await this.#queue(key).add(message);
    const { logger } = this.#options;
    if (logger !== silentLogger) logger.debug({ key, messageId: message.messageId }, 'queue_message_published');
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close(timeoutMs)));
  }

  #queue(key: QueueKey): PublishQueue {
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new PublishQueue(this.#connection, new StreamNames(this.#options.prefix, key), this.#options);
      this.#queues.set(key, queue);
    }
    return queue;
  }
}
