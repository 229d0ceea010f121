import { pause } from '@slack-mcp/core/backend';
import type { ConsumeMessage } from 'amqplib';
import type { SupervisedChannel } from './channel.ts';

/** Maximum number of messages that a consumer holds. Limits the number of messages in memory. */
export const WINDOW = 1_000;
/** Milliseconds without a message after which no further message is expected. */
const QUIET_MS = 1_000;

/**
 * Reads all messages of a queue in order, without settling them. A consumer receives at most `WINDOW` unsettled messages,
 * so the window replaces its consumer after that number. No other consumer receives messages of the queue meanwhile.
 */
export class MessageWindow {
  readonly #channel: SupervisedChannel;
  readonly #queue: string;
  #messages: ConsumeMessage[] = [];
  #consumerTag: string | undefined;
  /** Number of messages that the current consumer has received. */
  #received = 0;
  #arrived = Promise.withResolvers<void>();
  #isEnded = false;

  constructor(channel: SupervisedChannel, queue: string) {
    this.#channel = channel;
    this.#queue = queue;
  }

  /** Number of messages that have arrived and have not been taken. */
  get unread(): number {
    return this.#messages.length;
  }

  /**
   * Takes the next `size` messages. Takes fewer if no further message arrives for a while.
   *
   * @throws Error - the channel was closed; the error is the reason
   */
  async take(size: number): Promise<ConsumeMessage[]> {
    while (this.#messages.length < size) {
      if (this.#consumerTag === undefined || this.#received >= WINDOW) await this.#replace();
      if (!(await this.#next())) break;
    }
    if (!this.#channel.isOpen) throw this.#channel.problem;
    return this.#messages.splice(0, size);
  }

  /** Ends the consumer. Otherwise, it would receive the messages that are returned to the queue. */
  async stop(): Promise<void> {
    const tag = this.#consumerTag;
    this.#consumerTag = undefined;
    if (tag === undefined || !this.#channel.isOpen) return;
    await this.#channel.ask(`reading ${this.#queue}`, (amqp) => amqp.cancel(tag));
  }

  async #replace(): Promise<void> {
    await this.stop();
    this.#received = 0;
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message === null) this.#isEnded = true;
      else {
        this.#received += 1;
        this.#messages.push(message);
      }
      this.#arrived.resolve();
    };
    const { consumerTag } = await this.#channel.ask(`reading ${this.#queue}`, async (amqp) => {
      await amqp.prefetch(WINDOW);
      return amqp.consume(this.#queue, onMessage, { exclusive: true });
    });
    this.#consumerTag = consumerTag;
  }

  /** Waits for a message, but not for longer than `QUIET_MS`. Returns whether a message has arrived. */
  async #next(): Promise<boolean> {
    if (this.#isEnded) return false;
    const before = this.#messages.length;
    this.#arrived = Promise.withResolvers();
    const patience = new AbortController();
    await Promise.race([this.#arrived.promise, this.#channel.ended, pause(QUIET_MS, patience.signal)]);
    patience.abort();
    return this.#messages.length > before;
  }
}
