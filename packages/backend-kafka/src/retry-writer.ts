import { isQueueError, type Logger } from '@slack-mcp/core';
import { createPublisher, type Publisher, type ResolvedPublish, WIRE_HEADERS } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import type { IncomingRecord } from './driver/index.ts';
import type { ResolvedOptions } from './options.ts';
import type { KafkaDelivery } from './partition-tracker.ts';
import { KafkaPublishTarget } from './publisher.ts';
import { headersOf } from './record.ts';
import { encodeRetry, RETRY_HEADER, totalCounts } from './retry-record.ts';

/** Stores nacked messages in the retry topic of their key and group. */
export class RetryWriter {
  readonly #publisher: Publisher;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  /** Deliveries whose message is stored for a retry but whose ack is not confirmed yet. */
  readonly #stored = new WeakSet<KafkaDelivery>();

  constructor(connection: KafkaConnection, options: ResolvedOptions, group: string) {
    const route = { topicOf: (names: { again(group: string): string }) => names.again(group), groups: [] };
    const target = new KafkaPublishTarget(() => connection, options, route);
    this.#publisher = createPublisher(target, { ...options, broker: 'Kafka' });
    this.#logger = options.logger;
    this.#timeoutMs = options.requestTimeoutMs;
  }

  /**
   * Makes one attempt to store a nacked message. Kafka stores the message once, even if it does not answer an attempt.
   * Resolves with `true` if the message is stored, and with `false` if Kafka refuses the message permanently.
   */
  async store(delivery: KafkaDelivery, delayMs: number): Promise<boolean> {
    if (this.#stored.has(delivery)) return true;
    try {
      await this.#publisher.send(this.#encode(delivery, delayMs));
    } catch (error) {
      if (isQueueError(error) && error.retryable) throw error;
      const { key, group, messageId } = delivery.metadata;
      this.#logger.warn({ err: error, key, group, messageId }, 'queue_retry_not_stored');
      return false;
    }
    this.#stored.add(delivery);
    return true;
  }

  /** Stops sending. The messages that were not stored are delivered again. */
  close(): Promise<void> {
    return this.#publisher.close(0);
  }

  #encode({ tracker, message, metadata }: KafkaDelivery, delayMs: number): ResolvedPublish {
    const { failures, losses } = totalCounts(message);
    const { key, messageId, timestamp, orderingKey } = metadata;
    const record = message.record as IncomingRecord;
    const now = Date.now();
    return {
      key,
      text: String(record.value),
      // Identifies this attempt: the message itself may be nacked several times.
      messageId: `${tracker.name}-${message.offset}`,
      identified: true,
      // Kafka deletes records by this time.
      timestamp: now,
      headers: {
        ...headersOf(record),
        [WIRE_HEADERS.messageId]: messageId,
        [WIRE_HEADERS.timestamp]: String(timestamp),
        [RETRY_HEADER]: encodeRetry({
          failures: failures + 1,
          losses,
          dueAt: now + Math.ceil(delayMs),
          delayMs: Math.ceil(delayMs),
        }),
      },
      orderingKey,
      signal: undefined,
      timeoutMs: this.#timeoutMs,
    };
  }
}
