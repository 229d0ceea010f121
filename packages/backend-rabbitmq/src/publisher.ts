import {
  ConnectionError,
  PublishError,
  type QueueError,
  QueueFullError,
  SerializationError,
  UnroutableError,
} from '@slack-mcp/core';
import type {
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
  ResolvedPublish,
} from '@slack-mcp/core/backend';
import { SupervisedChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import { type Confirmation, ConfirmChannel } from './confirm-channel.ts';
import type { OpenConnection } from './connection.ts';
import { createPropertiesEncoder } from './message-codec.ts';
import type { ResolvedOptions } from './options.ts';
import { isMissing, toQueueError } from './rabbitmq-error.ts';

/** Number of channels for publishing, which all keys share. */
const CHANNELS = 16;
/**
 * Maximum milliseconds to wait for a confirmation before messages are sent again. The limit does not apply while
 * RabbitMQ blocks all publishers.
 */
const CONFIRM_MS = 20_000;
/** Number of batches whose messages are sent one at a time after RabbitMQ refused a message. */
const CAUTIOUS_BATCHES = 128;

const STORED: PublishOutcome = { status: 'stored' };

/** The channel and connection for publishing to a key. */
interface Ready {
  readonly connection: OpenConnection;
  readonly channel: ConfirmChannel;
}

/** A channel on which messages are sent one at a time. */
interface Caution {
  /** Resolves when the last batch has ended. */
  tail: Promise<void>;
  /** Number of further batches whose messages are sent one at a time. */
  batches: number;
}

/** Stores messages in RabbitMQ. Messages with the same key are stored in order. */
export class RabbitMQPublishTarget implements PublishTarget {
  /**
   * Maximum number of batches in flight. RabbitMQ stores the messages of a channel in order, up to the first failure.
   * With many small batches, a message that arrives alone is sent at once, without waiting for earlier confirmations.
   */
  readonly depth = 32;
  readonly maxBatch = 8;
  readonly #connect: () => RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #channels = new Map<number, Ready>();
  readonly #opening = new Map<number, Promise<Ready>>();
  /** The keys whose queues were declared on the current connection. */
  readonly #declared = new Map<string, OpenConnection>();

  /** Channels on which RabbitMQ recently refused a message, by channel number. */
  readonly #cautions = new Map<number, Caution>();
  readonly #propertiesOf = createPropertiesEncoder();

  constructor(connect: () => RabbitMQClient, options: ResolvedOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  laneOf({ key }: ResolvedPublish): string {
    return key;
  }

  connect(key: string): Promise<void> | undefined {
    return this.#ready(key) === undefined ? this.#prepare(key) : undefined;
  }

  send(key: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    const ready = this.#ready(key);
    if (ready === undefined) return Promise.resolve({ status: 'skipped' });
    const slot = slotOf(key);
    const caution = this.#cautions.get(slot);
    if (caution === undefined) return this.#sendAll(ready, batch, report);
    const sending = caution.tail.then(() => this.#sendOneByOne(ready, batch, report));
    caution.tail = sending.then(
      () => {},
      () => {},
    );
    caution.batches -= 1;
    if (caution.batches === 0) this.#cautions.delete(slot);
    return sending;
  }

  /** Sends a batch without waiting between its messages. Reports each outcome when RabbitMQ has answered. */
  #sendAll(ready: Ready, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    const answered = Promise.withResolvers<PublishOutcome>();
    let unanswered = batch.length;
    for (const [index, { message }] of batch.entries()) {
      this.#publish(ready, message, (outcome) => {
        report(index, outcome);
        unanswered -= 1;
        if (unanswered === 0) answered.resolve(STORED);
      });
    }
    return answered.promise;
  }

  /** Sends the messages of a batch one at a time to find the message that RabbitMQ refuses. */
  async #sendOneByOne(ready: Ready, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    for (const [index, { message }] of batch.entries()) {
      if (!ready.channel.isOpen) return { status: 'skipped' };
      report(index, await new Promise<PublishOutcome>((resolve) => this.#publish(ready, message, resolve)));
    }
    return STORED;
  }

  #publish(
    { channel, connection }: Ready,
    message: ResolvedPublish,
    onOutcome: (outcome: PublishOutcome) => void,
  ): void {
    const problem = headersProblem(message, connection.maxHeaderBytes);
    if (problem !== undefined) {
      onOutcome({ status: 'refused', error: problem, retry: false });
      return;
    }
    const { key, text } = message;
    const { exchange } = this.#connect().topology.names;
    channel.publish(exchange, key, Buffer.from(text), this.#propertiesOf(message), (answer) =>
      onOutcome(answer.status === 'stored' ? STORED : this.#outcome(key, answer)),
    );
  }

  #ready(key: string): Ready | undefined {
    const ready = this.#channels.get(slotOf(key));
    return ready?.channel.isOpen && this.#declared.get(key) === ready.connection ? ready : undefined;
  }

  async #prepare(key: string): Promise<void> {
    try {
      const { connection } = await this.#channel(slotOf(key));
      if (this.#declared.get(key) !== connection) await this.#declare(connection, key);
    } catch (cause) {
      throw this.#toError(cause, key);
    }
  }

  #channel(slot: number): Promise<Ready> {
    const existing = this.#channels.get(slot);
    if (existing?.channel.isOpen) return Promise.resolve(existing);
    let opening = this.#opening.get(slot);
    if (opening === undefined) {
      opening = this.#open(slot).finally(() => this.#opening.delete(slot));
      this.#opening.set(slot, opening);
    }
    return opening;
  }

  async #open(slot: number): Promise<Ready> {
    const connection = await this.#connect().publishing.open();
    const channel = await ConfirmChannel.open(connection, CONFIRM_MS);
    const ready = { connection, channel };
    this.#channels.set(slot, ready);
    return ready;
  }

  /** Declares the exchange, and the queues of the configured groups for a key. */
  async #declare(connection: OpenConnection, key: string): Promise<void> {
    const { topology } = this.#connect();
    const channel = await SupervisedChannel.open(connection);
    try {
      await channel.ask(`declaring the queues of ${key}`, async (amqp) => {
        await topology.exchange(amqp);
        for (const group of this.#options.groups) await topology.groupQueues(amqp, group, [[key]]);
      });
    } finally {
      await channel.close();
    }
    this.#declared.set(key, connection);
  }

  #outcome(key: string, answer: Exclude<Confirmation, { status: 'stored' }>): PublishOutcome {
    switch (answer.status) {
      case 'unroutable':
        return this.#unroutable(key);
      case 'nacked':
        return this.#nacked(key);
      case 'closed': {
        if (isMissing(answer.error)) this.#declared.delete(key);
        const error = this.#toError(answer.error, key);
        if (error.retryable) return { status: 'unknown', error };
        if (answer.isAlone) return { status: 'refused', error, retry: false };
        // RabbitMQ does not say which message it refused.
        this.#cautions.set(slotOf(key), { tail: Promise.resolve(), batches: CAUTIOUS_BATCHES });
        const unknown = new ConnectionError(
          `publishing to ${key}: RabbitMQ refused one of several messages and closed the channel before it confirmed this message; publish it again`,
          {
            cause: error,
          },
        );
        return { status: 'unknown', error: unknown };
      }
    }
  }

  /**
   * Returns the outcome for a message that reached no queue. If groups are configured, their queues were deleted, so
   * they are declared again before a retry.
   */
  #unroutable(key: string): PublishOutcome {
    this.#declared.delete(key);
    const { groups, endpoint } = this.#options;
    const error = new UnroutableError(
      `publishing to ${key} at ${endpoint}: no group receives this key; start a consumer first, or set QUEUE_GROUPS to the groups that must receive every message`,
      { retryable: groups.length > 0 },
    );
    return { status: 'refused', error, retry: groups.length > 0 };
  }

  #nacked(key: string): PublishOutcome {
    const { maxLength, endpoint } = this.#options;
    const where = `publishing to ${key} at ${endpoint}`;
    if (maxLength !== undefined) {
      const error = new QueueFullError(
        `${where}: the queue of a group is full (limit: ${maxLength} messages); let the group catch up, or delete the queue and raise RABBITMQ_MAX_LENGTH`,
      );
      return { status: 'refused', error, retry: false };
    }
    const error = new PublishError(
      `${where}: RabbitMQ refused the message, because a queue has reached a policy limit or has no leader; check the queues and policies`,
      { retryable: true },
    );
    return { status: 'refused', error, retry: true };
  }

  #toError(cause: unknown, key: string): QueueError {
    return toQueueError(cause, `publishing to ${key}`, this.#options.endpoint);
  }
}

function headersProblem({ headers }: ResolvedPublish, limit: number): SerializationError | undefined {
  let size = 0;
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name] as string) + 16;
  if (size <= limit) return undefined;
  return new SerializationError(`the headers are ${size} bytes long: use at most ${limit} bytes`);
}

function slotOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (31 * hash + key.charCodeAt(index)) | 0;
  return Math.abs(hash) % CHANNELS;
}
