import type { ConfirmChannel as AmqpChannel, Options } from 'amqplib';
import { SupervisedChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';

/**
 * The answer to a publish. `unroutable`: no queue would receive the message. `nacked`: RabbitMQ refused it. `closed`:
 * there was no answer before the channel was closed; `error` is the reason.
 */
export type Confirmation =
  | { readonly status: 'stored' }
  | { readonly status: 'unroutable' }
  | { readonly status: 'nacked' }
  | { readonly status: 'closed'; readonly error: Error };

const STORED: Confirmation = { status: 'stored' };

/** A channel whose publishes are confirmed. */
export class ConfirmChannel {
  readonly #channel: SupervisedChannel<AmqpChannel>;
  /** Messages that RabbitMQ returned. It does so before it confirms them. */
  readonly #returned = new Map<string, number>();

  private constructor(channel: SupervisedChannel<AmqpChannel>) {
    this.#channel = channel;
    channel.channel.on('return', ({ fields, properties }) => {
      const id = idOf(fields.routingKey, String(properties.messageId));
      this.#returned.set(id, (this.#returned.get(id) ?? 0) + 1);
    });
  }

  static async open(connection: OpenConnection): Promise<ConfirmChannel> {
    return new ConfirmChannel(await SupervisedChannel.openConfirming(connection));
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
    try {
      this.#channel.channel.publish(exchange, routingKey, content, options, (error: Error | null) => {
        if (error === null) onAnswer(this.#wasReturned(routingKey, options) ? { status: 'unroutable' } : STORED);
        else if (this.isOpen && /nacked/.test(error.message)) onAnswer({ status: 'nacked' });
        else onAnswer({ status: 'closed', error: this.problem });
      });
    } catch (error) {
      onAnswer({ status: 'closed', error: this.isOpen ? (error as Error) : this.problem });
    }
  }

  /** Closes it without waiting. Unanswered publishes are answered with `closed`. */
  abandon(): void {
    this.#channel.abandon();
  }

  close(): Promise<void> {
    return this.#channel.close();
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
