import { QueueTimeoutError } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import { replyCode } from '../rabbitmq-error.ts';
import type { Side, TaskConnection } from './task-connection.ts';
import type { TaskNames } from './task-names.ts';

const RESOURCE_LOCKED = 405;
/** Maximum milliseconds between two attempts to take the lock. */
const PAUSE_MS = 20;

/**
 * A lock for operations that need several steps at RabbitMQ, held by one process at a time. The lock is an exclusive
 * queue, which belongs to one connection and which RabbitMQ deletes with that connection.
 */
export class QueueLock {
  readonly #connection: TaskConnection;
  readonly #names: TaskNames;

  constructor(connection: TaskConnection, names: TaskNames) {
    this.#connection = connection;
    this.#names = names;
  }

  /**
   * Holds the lock of a queue while `run` runs. A connection can hold a lock only once, so callers in the process must
   * take turns.
   */
  async hold<T>(queue: string, side: Side, doing: string, run: () => Promise<T>): Promise<T> {
    const name = this.#names.lock(queue);
    await this.#acquire(name, side, doing);
    try {
      return await run();
    } finally {
      await this.#release(name, side, doing);
    }
  }

  #acquire(name: string, side: Side, doing: string): Promise<void> {
    const options = { exclusive: true, durable: false, arguments: { 'x-queue-type': 'classic' } };
    return this.#connection.call(doing, side, async (connection, deadline) => {
      for (;;) {
        try {
          await this.#connection.use(side, connection, (channel) =>
            channel.ask(doing, (amqp) => amqp.assertQueue(name, options)),
          );
          return;
        } catch (error) {
          if (replyCode(error) !== RESOURCE_LOCKED) throw error;
          if (performance.now() > deadline) {
            throw new QueueTimeoutError(
              `${doing} at ${this.#connection.endpoint}: another process uses the queue; try again`,
            );
          }
          await pause(1 + Math.random() * PAUSE_MS, this.#connection.closing);
        }
      }
    });
  }

  /** Releases the lock. A failure means that the connection was lost and RabbitMQ has released the lock. */
  async #release(name: string, side: Side, doing: string): Promise<void> {
    const release = this.#connection.attempt(doing, side, (channel) =>
      channel.ask(doing, (amqp) => amqp.deleteQueue(name)),
    );
    await release.catch(() => undefined);
  }
}
