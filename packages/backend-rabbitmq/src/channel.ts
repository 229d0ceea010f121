import { setImmediate as turn } from 'node:timers/promises';
import { ConnectionError, isQueueError } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import type { Channel, ConfirmChannel } from 'amqplib';
import type { OpenConnection } from './connection.ts';

/** Milliseconds without an answer to a request after which the channel counts as broken. */
const ANSWER_MS = 15_000;
const CLOSE_MS = 1_000;

/** A channel that records why it was closed. RabbitMQ closes a channel after an error. */
export class SupervisedChannel<C extends Channel = Channel> {
  readonly channel: C;
  readonly #connection: OpenConnection;
  readonly #ended = Promise.withResolvers<void>();
  #isOpen = true;
  #error: Error | undefined;

  private constructor(channel: C, connection: OpenConnection) {
    this.channel = channel;
    this.#connection = connection;
    channel.on('error', (error) => {
      this.#error ??= error;
    });
    channel.on('handler-error', (error) => {
      this.#error ??= error;
      this.abandon();
    });
    channel.on('close', () => {
      this.#isOpen = false;
      this.#ended.resolve();
    });
  }

  static async open(connection: OpenConnection): Promise<SupervisedChannel> {
    return new SupervisedChannel(await inTime(connection.model.createChannel(), 'opening a channel'), connection);
  }

  static async openConfirming(connection: OpenConnection): Promise<SupervisedChannel<ConfirmChannel>> {
    const channel = await inTime(connection.model.createConfirmChannel(), 'opening a channel');
    return new SupervisedChannel(channel, connection);
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#connection.isOpen;
  }

  /** The reason why the channel was closed. */
  get problem(): Error {
    return (
      this.#error ??
      this.#connection.problem ??
      new ConnectionError('the channel was closed before RabbitMQ answered: try again')
    );
  }

  /** Resolves when the client or RabbitMQ has closed the channel. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Runs a request.
   *
   * @throws Error - the request failed, or the channel was closed; the error is the reason
   */
  async ask<T>(what: string, request: (channel: C) => Promise<T>): Promise<T> {
    try {
      return await inTime(request(this.channel), what);
    } catch (error) {
      if (this.isOpen) this.abandon();
      // The library reports the end of a connection to its channels before it reports the reason.
      await turn();
      throw isQueueError(error) ? error : (this.#error ?? this.#connection.problem ?? error);
    }
  }

  /** Closes the channel without waiting for RabbitMQ. */
  abandon(): void {
    void this.close();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    const patience = new AbortController();
    try {
      const closing = this.channel.close().catch(() => {});
      await Promise.race([closing, this.#ended.promise, pause(CLOSE_MS, patience.signal)]);
    } catch {
      // It was closed in the meantime.
    } finally {
      patience.abort();
    }
  }
}

/** Runs requests on a separate channel, because an error closes the channel. */
export async function withChannel<T>(
  connection: OpenConnection,
  what: string,
  request: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await SupervisedChannel.open(connection);
  try {
    return await channel.ask(what, request);
  } finally {
    await channel.close();
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new ConnectionError(`${what}: RabbitMQ did not answer within ${ANSWER_MS} ms; check its load and the network`),
      ),
    ANSWER_MS,
  );
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
