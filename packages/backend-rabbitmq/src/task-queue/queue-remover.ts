import type { SupervisedChannel } from '../channel.ts';
import { replyCode } from '../rabbitmq-error.ts';
import { declareQueue } from './declare-queue.ts';
import type { TaskConnection } from './task-connection.ts';
import type { UsedQueues } from './used-queues.ts';

const REMOVING = 'removing an empty task queue';
const NOT_EMPTY = 406;
const NOT_IMPLEMENTED = 540;

/** Removes the queues of tasks that have ended. */
export class QueueRemover {
  readonly #connection: TaskConnection;
  readonly #used: UsedQueues;
  /** Whether RabbitMQ itself checks that a queue is empty. It cannot do so for quorum queues. */
  #checked = true;

  constructor(connection: TaskConnection, used: UsedQueues) {
    this.#connection = connection;
    this.#used = used;
  }

  /**
   * Removes a queue if it is empty. Does not retry after a failure: `UsedQueues` still contains the queue, so that a
   * later search finds it again.
   */
  async remove(queue: string): Promise<void> {
    try {
      await this.#remove(queue);
    } catch (error) {
      if (!this.#checked) return;
      if (replyCode((error as Error).cause) !== NOT_IMPLEMENTED) return;
      this.#checked = false;
      await this.#remove(queue).catch(() => undefined);
    }
  }

  #remove(queue: string): Promise<void> {
    return this.#connection.attempt(REMOVING, 'consume', (channel) => this.#removeWith(channel, queue));
  }

  async #removeWith(channel: SupervisedChannel, queue: string): Promise<void> {
    // RabbitMQ logs an error for each attempt to remove a queue with messages.
    if ((await declareQueue(channel, queue, this.#connection.endpoint)) > 0) return this.#used.use(queue);
    try {
      await channel.ask(REMOVING, (amqp) => amqp.deleteQueue(queue, { ifEmpty: this.#checked }));
    } catch (error) {
      if (replyCode(error) === NOT_EMPTY) return this.#used.use(queue);
      throw error;
    }
    this.#used.forget(queue);
  }
}
