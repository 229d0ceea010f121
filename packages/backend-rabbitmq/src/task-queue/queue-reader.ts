import type { QueuedMessage } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Logger } from '@slack-mcp/core';
import { decodeQueuedMessage } from '@slack-mcp/core/backend';
import type { SupervisedChannel } from '../channel.ts';
import { isMissing } from '../rabbitmq-error.ts';
import { declareQueue } from './declare-queue.ts';
import { HeldMessages, type Taken } from './held-messages.ts';
import type { MessageSender } from './message-sender.ts';
import type { QueueLock } from './queue-lock.ts';
import { QueueRemover } from './queue-remover.ts';
import { RecentMessages } from './recent-messages.ts';
import type { TaskConnection } from './task-connection.ts';
import { Turns } from './turns.ts';
import type { UsedQueues } from './used-queues.ts';

const TAKING = 'taking task messages';
const READING = 'reading a task message';
const REMOVING = 'removing an empty task queue';
const COUNTING = 'reading the length of a task queue';

/** The dependencies of a `QueueReader`. */
export interface ReaderParts {
  readonly connection: TaskConnection;
  readonly sender: MessageSender;
  readonly lock: QueueLock;
  readonly used: UsedQueues;
  readonly logger: Logger;
}

/**
 * Reads the queues of tasks. The calls of a process run one after the other, so that they see the messages in order.
 */
export class QueueReader {
  readonly #parts: ReaderParts;
  readonly #turns = new Turns();
  readonly #recent = new RecentMessages();
  readonly #held = new HeldMessages();
  readonly #remover: QueueRemover;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#remover = new QueueRemover(parts.connection, parts.used);
  }

  /** Takes the first message. Moves unreadable messages to the queue for unreadable messages. */
  take(queue: string): Promise<QueuedMessage | undefined> {
    return this.#turns.take(queue, () =>
      this.#request(TAKING, queue, async (channel) => {
        for await (const taken of this.#messages(channel, queue)) {
          const message = await this.#read(queue, taken);
          this.#ack(queue, taken);
          if (message !== undefined) return message;
        }
        return undefined;
      }),
    );
  }

  /** Takes all messages of a task that has ended. RabbitMQ keeps all messages until the last message has arrived. */
  takeAll(queue: string): Promise<QueuedMessage[]> {
    const takeAll = (): Promise<QueuedMessage[]> =>
      this.#request(TAKING, queue, async (channel) => {
        const all: Taken[] = [];
        for await (const taken of this.#messages(channel, queue)) all.push(taken);
        const messages: QueuedMessage[] = [];
        const seen = new RecentMessages();
        for (const taken of all) {
          const message = seen.has(taken.message) ? undefined : await this.#read(queue, taken);
          if (message !== undefined) messages.push(message);
          seen.add(taken.message);
        }
        for (const taken of all) this.#ack(queue, taken);
        return messages;
      });
    // No other process may look at a message meanwhile: it would be missing.
    return this.#turns.take(queue, async () => {
      const messages = await this.#parts.lock.hold(queue, 'consume', TAKING, takeAll);
      this.#parts.used.end(queue);
      return messages;
    });
  }

  /** Returns the message that {@link take} would take, without removing it. */
  peek(queue: string): Promise<QueuedMessage | undefined> {
    const peek = (): Promise<QueuedMessage | undefined> =>
      this.#request(READING, queue, async (channel) => {
        for await (const taken of this.#messages(channel, queue)) {
          const message = await this.#read(queue, taken);
          if (message === undefined) this.#ack(queue, taken);
          else await this.#putBack(queue, taken);
          if (message !== undefined) return message;
        }
        return undefined;
      });
    return this.#turns.take(queue, () => this.#parts.lock.hold(queue, 'consume', READING, peek));
  }

  /**
   * Returns the number of messages. Does not count messages that another process is taking, or a message that has just
   * been put back into a quorum queue.
   */
  count(queue: string): Promise<number> {
    return this.#turns.take(queue, () => this.#request(COUNTING, queue, (channel) => this.#count(channel, queue)));
  }

  /** Returns the number of messages that this process holds and RabbitMQ does not count. */
  held(queue: string): number {
    return this.#held.get(queue) === undefined ? 0 : 1;
  }

  /** Removes the queues that are empty. */
  async removeEmpty(queues: readonly string[]): Promise<void> {
    const { lock, used } = this.#parts;
    const remove = (queue: string): Promise<void> =>
      used.whileRemoving(queue, () =>
        this.#turns.take(queue, async () => {
          if (this.held(queue) === 0) await lock.hold(queue, 'consume', REMOVING, () => this.#remover.remove(queue));
        }),
      );
    const idle = queues.filter((queue) => used.removal(queue) === undefined);
    await Promise.all(idle.map((queue) => remove(queue).catch(() => undefined)));
  }

  /** Runs requests on the queue, which another process may delete at any time. */
  #request<T>(doing: string, queue: string, run: (channel: SupervisedChannel) => Promise<T>): Promise<T> {
    const { connection, used } = this.#parts;
    const declareAndRun = async (channel: SupervisedChannel): Promise<T> => {
      await declareQueue(channel, queue, connection.endpoint);
      used.use(queue);
      return run(channel);
    };
    return connection.call(doing, 'consume', async (open) => {
      if (!used.has(queue)) return connection.use('consume', open, declareAndRun);
      used.use(queue);
      try {
        return await connection.use('consume', open, run);
      } catch (error) {
        if (!isMissing(error)) throw error;
        used.forget(queue);
        return connection.use('consume', open, declareAndRun);
      }
    });
  }

  async *#messages(channel: SupervisedChannel, queue: string): AsyncGenerator<Taken> {
    const held = this.#held.get(queue);
    if (held !== undefined) yield held;
    for (;;) {
      const message = await channel.ask(TAKING, (amqp) => amqp.get(queue));
      if (message === false) return;
      yield { channel, message };
    }
  }

  async #count(channel: SupervisedChannel, queue: string): Promise<number> {
    return (await declareQueue(channel, queue, this.#parts.connection.endpoint)) + this.held(queue);
  }

  /**
   * Decodes a message. Returns `undefined` if this process has already taken the message, or if the message cannot be
   * read.
   */
  async #read(queue: string, { message }: Taken): Promise<QueuedMessage | undefined> {
    if (this.#recent.has(message)) return undefined;
    const text = message.content.toString();
    try {
      return decodeQueuedMessage(text) as QueuedMessage;
    } catch {
      await this.#setAside(queue, message.content);
      return undefined;
    }
  }

  #ack(queue: string, taken: Taken): void {
    taken.channel.channel.ack(taken.message);
    this.#recent.add(taken.message);
    this.#held.drop(queue, taken);
  }

  /** Puts a message back, and waits until it is in the queue, so that the next request finds it. */
  async #putBack(queue: string, taken: Taken): Promise<void> {
    if (this.#held.keep(queue, taken)) return;
    taken.channel.channel.nack(taken.message, false, true);
    await declareQueue(taken.channel, queue, this.#parts.connection.endpoint);
  }

  async #setAside(queue: string, content: Buffer): Promise<void> {
    this.#parts.logger.warn({ queue, bytes: content.length }, 'task_message_unreadable');
    try {
      await this.#parts.sender.setAside(queue, content);
    } catch (err) {
      this.#parts.logger.error({ queue, err }, 'task_message_unreadable_lost');
    }
  }
}
