import type { ConfirmChannel as AmqpChannel, Options } from 'amqplib';
import { SupervisedChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';

/**
 * The outcome of publishing a message: `unroutable` if no queue received the message, `nacked` if RabbitMQ refused the
 * message, and `closed` if the channel was closed before RabbitMQ answered. For `closed`, `error` is the reason, and
 * `isAlone` is true if no other message of the channel can be the cause.
 */
export type Confirmation =
  | { readonly status: 'stored' }
  | { readonly status: 'unroutable' }
  | { readonly status: 'nacked' }
  | { readonly status: 'closed'; readonly error: Error; readonly isAlone: boolean };

const STORED: Confirmation = { status: 'stored' };

/** A channel on which RabbitMQ confirms published messages. */
export class ConfirmChannel {
  readonly #channel: SupervisedChannel<AmqpChannel>;
  /**
   * Messages that RabbitMQ returned because they reached no queue. RabbitMQ returns an unroutable message before it
   * confirms the message.
   */
  readonly #returned = new Map<string, number>();
  readonly #connection: OpenConnection;
  readonly #patienceMs: number;
  #timer: NodeJS.Timeout | undefined;
  #answers = 0;
  #unanswered = 0;
  #unansweredAtError = 0;

  private constructor(channel: SupervisedChannel<AmqpChannel>, connection: OpenConnection, patienceMs: number) {
    this.#channel = channel;
    this.#connection = connection;
    this.#patienceMs = patienceMs;
    void channel.ended.then(() => clearInterval(this.#timer));
    channel.channel.on('error', () => {
      this.#unansweredAtError = this.#unanswered;
    });
    channel.channel.on('return', ({ fields, properties }) => {
      const id = idOf(fields.routingKey, String(properties.messageId));
      this.#returned.set(id, (this.#returned.get(id) ?? 0) + 1);
    });
  }

  /**
   * @param patienceMs - milliseconds without a confirmation after which the channel is closed, unless RabbitMQ blocks publishers
   */
  static async open(connection: OpenConnection, patienceMs: number): Promise<ConfirmChannel> {
    return new ConfirmChannel(await SupervisedChannel.openConfirming(connection), connection, patienceMs);
  }

  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  get problem(): Error {
    return this.#channel.problem;
  }

  /** Publishes a message. `onAnswer` is called once, possibly before this method returns. */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options: Options.Publish,
    onAnswer: (answer: Confirmation) => void,
  ): void {
    this.#unanswered += 1;
    this.#watch();
    try {
      this.#channel.channel.publish(exchange, routingKey, content, options, (error: Error | null) => {
        this.#unanswered -= 1;
        this.#answers += 1;
        if (error === null) onAnswer(this.#wasReturned(routingKey, options) ? { status: 'unroutable' } : STORED);
        else if (this.isOpen && /nacked/.test(error.message)) onAnswer({ status: 'nacked' });
        else onAnswer({ status: 'closed', error: this.problem, isAlone: this.#unansweredAtError === 1 });
      });
    } catch (error) {
      this.#unanswered -= 1;
      // It was not sent.
      const problem = this.isOpen ? (error as Error) : this.problem;
      onAnswer({ status: 'closed', error: problem, isAlone: false });
    }
  }

  /** Closes the channel without waiting for RabbitMQ. Unconfirmed messages get the outcome `closed`. */
  abandon(): void {
    this.#channel.abandon();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  /** Closes the channel if RabbitMQ confirms no message within the time limit of {@link open}. */
  #watch(): void {
    if (this.#timer !== undefined) return;
    let before = this.#answers;
    this.#timer = setInterval(() => {
      if (this.#unanswered === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      } else if (before === this.#answers && this.#connection.blocked === undefined) {
        this.abandon();
      }
      before = this.#answers;
    }, this.#patienceMs);
    this.#timer.unref();
  }

  #wasReturned(routingKey: string, { messageId = '' }: Options.Publish): boolean {
    if (this.#returned.size === 0) return false;
    const id = idOf(routingKey, messageId);
    const count = this.#returned.get(id) ?? 0;
    if (count <= 1) this.#returned.delete(id);
    else this.#returned.set(id, count - 1);
    return count > 0;
  }
}

function idOf(routingKey: string, messageId: string): string {
  return `${routingKey}\n${messageId}`;
}
