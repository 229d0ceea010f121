import { type ArrivalChannel, type ArrivalListener, retryUntil } from '@slack-mcp/core/backend';
import { SupervisedChannel } from '../channel.ts';
import type { TaskConnection } from './task-connection.ts';
import type { TaskNames } from './task-names.ts';

const LISTENING = 'waiting for task messages';
/** The settings of the exchange for announcements, which all processes share. */
const EXCHANGE = { durable: true } as const;
const OWN_QUEUE = { exclusive: true, durable: false, autoDelete: true, arguments: { 'x-queue-type': 'classic' } };

interface Session {
  readonly channel: SupervisedChannel;
  readonly queue: string;
}

/** Declares the exchange for announcements. */
export async function declareArrivals(channel: SupervisedChannel, { arrivals }: TaskNames): Promise<void> {
  await channel.ask(LISTENING, (amqp) => amqp.assertExchange(arrivals, 'direct', EXCHANGE));
}

/**
 * Receives the announcements of other processes through a separate queue, which the first subscription declares.
 * RabbitMQ drops announcements while the connection is lost, so check the task's queue again after `onSubscribed`.
 */
export class RabbitMQArrivalChannel implements ArrivalChannel {
  readonly #connection: TaskConnection;
  readonly #names: TaskNames;
  readonly #listener: ArrivalListener;
  readonly #queues = new Set<string>();
  #session: Session | undefined;
  #opening: Promise<void> | undefined;

  constructor(connection: TaskConnection, names: TaskNames, listener: ArrivalListener) {
    this.#connection = connection;
    this.#names = names;
    this.#listener = listener;
  }

  subscribe(queue: string): void {
    this.#queues.add(queue);
    const session = this.#session;
    if (session === undefined) this.probe();
    else void this.#bind(session, [queue]);
  }

  unsubscribe(queue: string): void {
    this.#queues.delete(queue);
    const session = this.#session;
    if (session === undefined) return;
    // A queue that is lost with its channel has no bindings.
    session.channel
      .ask(LISTENING, (amqp) => amqp.unbindQueue(session.queue, this.#names.arrivals, queue))
      .catch(() => undefined);
  }

  /** Opens a new channel if the last channel was lost. RabbitMQ's heartbeats detect a dead connection. */
  probe(): void {
    if (this.#session !== undefined || this.#queues.size === 0) return;
    this.#opening ??= this.#open()
      // The caller gets the errors of its own checks.
      .catch(() => undefined)
      .finally(() => {
        this.#opening = undefined;
      });
  }

  close(): void {
    this.#queues.clear();
  }

  async #open(): Promise<void> {
    const open = (): Promise<Session> =>
      this.#connection.call(LISTENING, 'consume', async (connection) => {
        const channel = await SupervisedChannel.open(connection);
        await declareArrivals(channel, this.#names);
        const { queue } = await channel.ask(LISTENING, (amqp) => amqp.assertQueue('', OWN_QUEUE));
        const receive = (message: { fields: { routingKey: string } } | null): void => {
          if (message === null) channel.abandon();
          else this.#listener.onArrival(message.fields.routingKey);
        };
        await channel.ask(LISTENING, (amqp) => amqp.consume(queue, receive, { noAck: true, exclusive: true }));
        return { channel, queue };
      });
    const session = await retryUntil(open, { signal: this.#connection.closing });
    this.#session = session;
    void session.channel.ended.then(() => {
      this.#session = undefined;
      this.probe();
    });
    await this.#bind(session, [...this.#queues]);
  }

  async #bind({ channel, queue: own }: Session, queues: readonly string[]): Promise<void> {
    try {
      for (const queue of queues) {
        await channel.ask(LISTENING, (amqp) => amqp.bindQueue(own, this.#names.arrivals, queue));
      }
      this.#listener.onSubscribed(queues);
    } catch {
      // The channel was lost. All queues are bound to the next one.
    }
  }
}
