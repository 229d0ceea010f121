import type { Logger } from '@slack-mcp/core';
import { SupervisedChannel } from '../channel.ts';
import type { OpenConnection } from '../connection.ts';
import { declareArrivals } from './arrival-channel.ts';
import type { TaskConnection } from './task-connection.ts';
import type { TaskNames } from './task-names.ts';

const ANNOUNCING = 'announcing task messages';
const EMPTY = Buffer.alloc(0);

/**
 * Announces queues with new messages to other processes, once per turn of the event loop. An announcement can get lost,
 * so processes that wait also check the queue regularly.
 */
export class ArrivalAnnouncer {
  readonly #connection: TaskConnection;
  readonly #names: TaskNames;
  readonly #logger: Logger;
  #queues = new Set<string>();
  #channel: Promise<SupervisedChannel> | undefined;
  #failed = false;

  constructor(connection: TaskConnection, names: TaskNames, logger: Logger) {
    this.#connection = connection;
    this.#names = names;
    this.#logger = logger;
  }

  announce(queue: string): void {
    if (this.#queues.size === 0) setImmediate(() => void this.#flush());
    this.#queues.add(queue);
  }

  async #flush(): Promise<void> {
    const queues = this.#queues;
    this.#queues = new Set();
    try {
      const { channel } = await this.#open();
      for (const queue of queues) channel.publish(this.#names.arrivals, queue, EMPTY);
    } catch (err) {
      if (!this.#failed && !this.#connection.closing.aborted) this.#logger.warn({ err }, 'task_message_unannounced');
      this.#failed = true;
    }
  }

  async #open(): Promise<SupervisedChannel> {
    const present = await this.#channel?.catch(() => undefined);
    if (present?.isOpen) return present;
    this.#channel = this.#connection.call(ANNOUNCING, 'publish', (connection) => this.#declare(connection));
    const channel = await this.#channel;
    this.#failed = false;
    return channel;
  }

  async #declare(connection: OpenConnection): Promise<SupervisedChannel> {
    const channel = await SupervisedChannel.open(connection);
    await declareArrivals(channel, this.#names);
    return channel;
  }
}
