import { SupervisedChannel } from '../channel.ts';
import type { OpenConnection } from '../connection.ts';

/**
 * Number of channels. RabbitMQ answers the requests of a channel in order, so this is also the maximum number of
 * requests in flight.
 */
const SIZE = 32;

interface PooledChannel {
  readonly connection: OpenConnection;
  readonly channel: SupervisedChannel;
}

/** Channels for requests. A failed request closes its channel, and the pool replaces the channel. */
export class ChannelPool {
  readonly #free: PooledChannel[] = [];
  readonly #waiting: (() => void)[] = [];
  #used = 0;

  /** Runs requests on a channel that no other caller uses at the same time. Waits if all channels are in use. */
  async use<T>(connection: OpenConnection, run: (channel: SupervisedChannel) => Promise<T>): Promise<T> {
    if (this.#used >= SIZE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#used += 1;
    try {
      const channel = this.#take(connection) ?? (await SupervisedChannel.open(connection));
      try {
        const result = await run(channel);
        this.#free.push({ connection, channel });
        return result;
      } catch (error) {
        // RabbitMQ puts back what the request has taken.
        channel.abandon();
        throw error;
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#used -= 1;
      else next();
    }
  }

  #take(connection: OpenConnection): SupervisedChannel | undefined {
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (free.connection === connection && free.channel.isOpen) return free.channel;
    }
    return undefined;
  }
}
