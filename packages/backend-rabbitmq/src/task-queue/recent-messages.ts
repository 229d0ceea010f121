import { createHash } from 'node:crypto';
import type { GetMessage } from 'amqplib';

/** Maximum number of taken messages to remember. */
const LIMIT = 10_000;

/**
 * The ids of the messages that this process has taken, to detect repeated messages. RabbitMQ delivers a message again
 * if the ack is lost with the connection, and stores a message twice if the confirmation is lost with the connection.
 */
export class RecentMessages {
  /** The ids, in the order in which the messages were taken. */
  readonly #ids = new Set<string>();

  has(message: GetMessage): boolean {
    // A message without an id was published by another program. It can only have been delivered twice.
    if (!hasId(message) && !message.fields.redelivered) return false;
    return this.#ids.size > 0 && this.#ids.has(idOf(message));
  }

  add(message: GetMessage): void {
    this.#ids.add(idOf(message));
    if (this.#ids.size > LIMIT) for (const oldest of this.#ids) return void this.#ids.delete(oldest);
  }
}

function hasId({ properties }: GetMessage): boolean {
  return typeof properties.messageId === 'string';
}

function idOf(message: GetMessage): string {
  if (hasId(message)) return message.properties.messageId as string;
  return createHash('sha256')
    .update(message.fields.routingKey)
    .update('\n')
    .update(message.content)
    .digest('base64url');
}
