import { setImmediate } from 'node:timers';
import { type PublishOptions, type QueueKey, type QueuePayload, resolvePublish, silentLogger } from '@slack-mcp/core';
import type { MemoryBroker } from './broker.ts';
import type { MessageQueue } from './message-queue.ts';
import type { ResolvedOptions } from './options.ts';

/** A loop that only publishes would keep timers and sockets from their turn. */
const MESSAGES_PER_TURN = 512;

/** Puts messages into the queues of a broker. */
export class MemoryPublisher {
  readonly #broker: MemoryBroker;
  readonly #options: ResolvedOptions;
  /** The queues that have the configured groups. */
  readonly #prepared = new Map<QueueKey, MessageQueue>();
  #published = 0;

  constructor(broker: MemoryBroker, options: ResolvedOptions) {
    this.#broker = broker;
    this.#options = options;
  }

  /** Returns a promise where the caller is to wait for it. */
  publish(key: QueueKey, payload: QueuePayload, options: PublishOptions | undefined): Promise<void> | undefined {
    const message = resolvePublish(key, payload, options, this.#options);
    this.#queue(key).publish(message, this.#options);
    const { logger } = this.#options;
    if (logger !== silentLogger) logger.debug({ key, messageId: message.messageId }, 'queue_message_published');
    this.#published += 1;
    return this.#published % MESSAGES_PER_TURN === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
  }

  #queue(key: QueueKey): MessageQueue {
    let queue = this.#prepared.get(key);
    if (queue === undefined) {
      queue = this.#broker.queue(key);
      for (const group of this.#options.groups) queue.group(group, 'earliest');
      this.#prepared.set(key, queue);
    }
    return queue;
  }
}
