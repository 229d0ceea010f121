import { taskQueueFull } from '@slack-mcp/core/backend';
import { declareQueue } from './declare-queue.ts';
import type { MessageSender } from './message-sender.ts';
import type { QueueLock } from './queue-lock.ts';
import type { TaskConnection } from './task-connection.ts';
import { Turns } from './turns.ts';

const COUNTING = 'queueing a task message';

interface WaitingMessage {
  readonly text: string;
  readonly maxSize: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Sends messages to queues with a maximum number of messages. RabbitMQ cannot check the number when it stores a
 * message, so the sender holds a lock that all processes share while it checks the number and sends. Messages that wait
 * for the lock are sent together.
 */
export class BoundedSender {
  readonly #connection: TaskConnection;
  readonly #sender: MessageSender;
  readonly #lock: QueueLock;
  readonly #held: (queue: string) => number;
  readonly #turns = new Turns();
  readonly #waiting = new Map<string, WaitingMessage[]>();

  /** @param held - returns the number of messages of a queue that this process holds and RabbitMQ does not count */
  constructor(connection: TaskConnection, sender: MessageSender, lock: QueueLock, held: (queue: string) => number) {
    this.#connection = connection;
    this.#sender = sender;
    this.#lock = lock;
    this.#held = held;
  }

  /** @throws QueueFullError - the queue holds `maxSize` messages */
  send(queue: string, text: string, maxSize: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(queue);
    const message = { text, maxSize, resolve, reject };
    if (waiting === undefined) {
      const messages = [message];
      this.#waiting.set(queue, messages);
      void this.#turns.take(queue, () => this.#run(queue, messages));
    } else {
      waiting.push(message);
    }
    return promise;
  }

  async #run(queue: string, messages: WaitingMessage[]): Promise<void> {
    try {
      await this.#lock.hold(queue, 'publish', COUNTING, async () => {
        while (messages.length > 0) await this.#sendAll(queue, messages.splice(0));
        this.#waiting.delete(queue);
      });
    } catch (error) {
      if (this.#waiting.get(queue) === messages) this.#waiting.delete(queue);
      for (const { reject } of messages) reject(error);
    }
  }

  async #sendAll(queue: string, messages: readonly WaitingMessage[]): Promise<void> {
    let count: number;
    try {
      count = await this.#connection.request(COUNTING, 'publish', (channel) =>
        declareQueue(channel, queue, this.#connection.endpoint),
      );
    } catch (error) {
      for (const { reject } of messages) reject(error);
      return;
    }
    count += this.#held(queue);
    const sending: Promise<void>[] = [];
    for (const { text, maxSize, resolve, reject } of messages) {
      if (count >= maxSize) {
        reject(taskQueueFull(maxSize));
      } else {
        count += 1;
        sending.push(this.#sender.send(queue, text, true).then(resolve, reject));
      }
    }
    await Promise.all(sending);
  }
}
