import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type Message } from 'amqplib';
import { slackEvent } from '../slack-event.ts';

const EXCHANGE = 'raw';
const DEAD_LETTERS = 'raw.dead-letters';

/**
 * A client written with `amqplib`: the same messages in the same type of queue, confirmed, with all frames of a turn of
 * the event loop in one write, and with separate connections for publishing and consuming.
 */
export class RawRabbitMQ implements AsyncDisposable {
  readonly #connections: readonly [ChannelModel, ChannelModel];
  readonly #publishing: ConfirmChannel;
  readonly #consuming: Channel;
  readonly #socket: Socket;
  #corked = false;

  private constructor(
    connections: readonly [ChannelModel, ChannelModel],
    publishing: ConfirmChannel,
    consuming: Channel,
  ) {
    this.#connections = connections;
    this.#publishing = publishing;
    this.#consuming = consuming;
    this.#socket = (connections[0].connection as unknown as { stream: Socket }).stream;
  }

  static async connect(url: string): Promise<RawRabbitMQ> {
    const open = (): Promise<ChannelModel> => connect(url, { noDelay: true });
    const [one, other] = await Promise.all([open(), open()]);
    return new RawRabbitMQ([one, other], await one.createConfirmChannel(), await other.createChannel());
  }

  /** Declares a quorum queue for a key. */
  async declare(key: string): Promise<void> {
    await this.#consuming.assertExchange(EXCHANGE, 'topic', { durable: true });
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': DEAD_LETTERS };
    await this.#consuming.assertQueue(`raw.${key}`, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000, 'x-overflow': 'reject-publish', ...dead },
    });
    await this.#consuming.bindQueue(`raw.${key}`, EXCHANGE, key);
  }

  publish(key: string): Promise<void> {
    const timestamp = Date.now();
    const content = Buffer.from(JSON.stringify(slackEvent));
    const headers = { 'slack-mcp-timestamp': timestamp };
    const properties = { contentType: 'application/json', deliveryMode: 2, mandatory: true, headers };
    this.#gather();
    return new Promise((resolve, reject) => {
      this.#publishing.publish(
        EXCHANGE,
        key,
        content,
        { ...properties, messageId: randomUUID(), timestamp: Math.floor(timestamp / 1_000) },
        (error: Error | null) => (error === null ? resolve() : reject(error)),
      );
    });
  }

  /** The library writes frames in the next turn of the event loop. The socket is uncorked after them. */
  #gather(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    setImmediate(() =>
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      }),
    );
  }

  /**
   * Parses each message, and acks all of a turn of the event loop together. Resolves to messages per second, from the
   * first message until RabbitMQ has received the last ack.
   */
  async consume(key: string, messages: number, prefetch: number): Promise<number> {
    await this.#consuming.prefetch(prefetch);
    const handled = Promise.withResolvers<void>();
    let begin = 0;
    let count = 0;
    let last: Message | undefined;
    const ack = (): void => {
      if (last !== undefined) this.#consuming.ack(last, true);
      last = undefined;
      if (count === messages) handled.resolve();
    };
    const { consumerTag } = await this.#consuming.consume(`raw.${key}`, (message) => {
      begin ||= performance.now();
      const { type } = JSON.parse(String(message?.content)) as typeof slackEvent;
      if (message === null || type !== 'event_callback') return handled.reject(new Error('a message is wrong'));
      count += 1;
      if (last === undefined) setImmediate(ack);
      last = message;
    });
    await handled.promise;
    // The answer shows that the acks before it have arrived.
    await this.#consuming.prefetch(prefetch);
    const rate = (messages * 1_000) / (performance.now() - begin);
    await this.#consuming.cancel(consumerTag);
    return rate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
