import { QueueClosedError } from '@slack-mcp/core';
import { retryUntil } from '@slack-mcp/core/backend';
import type { SupervisedChannel } from '../channel.ts';
import { type OpenConnection, RabbitMQConnection } from '../connection.ts';
import type { ResolvedOptions } from '../options.ts';
import { toQueueError } from '../rabbitmq-error.ts';
import { ChannelPool } from './channel-pool.ts';

/** The connection that a call uses. RabbitMQ stops reading from the `publish` connection while an alarm is active. */
export type Side = 'publish' | 'consume';

/** The connections of a task queue. A connection opens on first use, and again after a loss. */
export class TaskConnection {
  readonly #options: ResolvedOptions;
  readonly #sides: Readonly<Record<Side, { connection: RabbitMQConnection; channels: ChannelPool }>>;
  readonly #closing = new AbortController();

  constructor(options: ResolvedOptions) {
    this.#options = options;
    const side = (role: Side) => ({ connection: new RabbitMQConnection(options, role), channels: new ChannelPool() });
    this.#sides = { publish: side('publish'), consume: side('consume') };
  }

  /** Aborted once the task queue is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** The address for errors, without credentials. */
  get endpoint(): string {
    return this.#options.endpoint;
  }

  /**
   * Runs a step, and repeats it until it succeeds or fails with an error that is not retryable.
   *
   * @param doing - the operation, for errors; for example `taking task messages`
   * @param step - receives its deadline on the clock of `performance.now()`
   * @throws QueueError - RabbitMQ refused the operation, or (retryable) was unavailable for too long
   */
  async call<T>(
    doing: string,
    side: Side,
    step: (connection: OpenConnection, deadline: number) => Promise<T>,
  ): Promise<T> {
    const { timeoutMs, maxRetries, retryDelayMs } = this.#options;
    const signal = this.closing;
    const deadline = performance.now() + timeoutMs;
    const once = (): Promise<T> => this.#once(doing, side, (connection) => step(connection, deadline));
    try {
      return await retryUntil(once, { timeoutMs, maxRetries, initialDelayMs: retryDelayMs, signal });
    } catch (error) {
      throw signal.aborted ? closed() : error;
    }
  }

  /** Works like {@link call}, with a channel that no other caller uses at the same time. */
  request<T>(doing: string, side: Side, step: (channel: SupervisedChannel) => Promise<T>): Promise<T> {
    return this.call(doing, side, (connection) => this.use(side, connection, step));
  }

  /** Works like {@link request}, but runs the step only once. */
  attempt<T>(doing: string, side: Side, step: (channel: SupervisedChannel) => Promise<T>): Promise<T> {
    return this.#once(doing, side, (connection) => this.use(side, connection, step));
  }

  use<T>(side: Side, connection: OpenConnection, step: (channel: SupervisedChannel) => Promise<T>): Promise<T> {
    return this.#sides[side].channels.use(connection, step);
  }

  /** Closes the connections. Pending calls reject. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(Object.values(this.#sides).map(({ connection }) => connection.close()));
  }

  async #once<T>(doing: string, side: Side, step: (connection: OpenConnection) => Promise<T>): Promise<T> {
    if (this.closing.aborted) throw closed();
    try {
      return await step(await this.#sides[side].connection.open());
    } catch (error) {
      throw toQueueError(error, doing, this.#options.endpoint);
    }
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the task message queue is closed: create a new one');
}
