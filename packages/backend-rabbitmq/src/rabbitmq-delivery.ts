import type { QueueKey } from '@slack-mcp/core';
import type { Delivery } from '@slack-mcp/core/backend';
import type { ConsumeMessage, Options } from 'amqplib';
import type { ConsumeChannel } from './consume-channel.ts';
import { decodeContent, decodeMessage, lossesOf } from './message-codec.ts';

/**
 * The channel and tag of a delivered message. RabbitMQ accepts a settlement only on the channel that delivered the
 * message.
 */
export interface Hold {
  readonly channel: ConsumeChannel;
  readonly tag: number;
}

/** A message from RabbitMQ, with the data needed to settle it. */
export interface RabbitMQDelivery extends Delivery {
  readonly queue: string;
  readonly message: ConsumeMessage;
  /**
   * The channel and tag of the latest delivery. They change when RabbitMQ delivers the message again after an outage.
   */
  hold: Hold;
  /** Whether a settlement of the message was requested. */
  settling: boolean;
  /** Whether the requested settlement is an `ack`. */
  acking: boolean;
  /** The AMQP properties of the message's dead letter, the same for every attempt to park the message. */
  parked?: Options.Publish;
  /** Whether a copy of the message is already stored as a retry or a dead letter, so that only the ack is missing. */
  moved: boolean;
  /** Whether RabbitMQ has received the settlement. */
  done: boolean;
}

/**
 * Decodes a message.
 *
 * @throws SerializationError - the bytes are not a JSON object in UTF-8
 */
export function toDelivery(
  message: ConsumeMessage,
  { queue, group, hold }: { queue: string; group: string | undefined; hold: Hold },
): RabbitMQDelivery {
  return {
    payload: decodeContent(message),
    metadata: decodeMessage(message, group),
    interrupted: lossesOf(message) > 0,
    queue,
    message,
    hold,
    settling: false,
    acking: false,
    moved: false,
    done: false,
  };
}

/** Returns a text that identifies a message within a subscription. */
export function identityOf(queue: string, messageId: string, key: QueueKey): string {
  return `${queue}\n${key}\n${messageId}`;
}
