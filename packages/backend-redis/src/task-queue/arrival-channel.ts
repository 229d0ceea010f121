import type { ArrivalChannel, ArrivalListener } from '@slack-mcp/core/backend';
import { Redis } from 'ioredis';
import { createClient } from '../create-client.ts';
import type { ResolvedOptions } from '../options.ts';

/**
 * Receives notifications of new messages on its own connection. The first subscription opens the connection. Redis does
 * not keep notifications for a client that is not subscribed, so check the queue again after `onSubscribed`.
 */
export class RedisArrivalChannel implements ArrivalChannel {
  readonly #options: ResolvedOptions;
  readonly #onArrival: (channel: string) => void;
  readonly #onSubscribed: (channels: readonly string[]) => void;
  readonly #channels = new Set<string>();
  #client: ReturnType<typeof createClient> | undefined;

  constructor(options: ResolvedOptions, listener: ArrivalListener) {
    this.#options = options;
    this.#onArrival = (channel) => listener.onArrival(channel);
    this.#onSubscribed = (channels) => listener.onSubscribed(channels);
  }

  subscribe(channel: string): void {
    this.#channels.add(channel);
    void this.#send([channel]);
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    // A lost connection has no subscriptions.
    this.#client?.unsubscribe(channel).catch(() => undefined);
  }

  /**
   * Sends a ping to detect a dead connection. Opens a new connection if the last connection has stopped reconnecting.
   */
  probe(): void {
    if (this.#client === undefined) void this.#send([...this.#channels]);
    else this.#client.ping().catch(() => undefined);
  }

  close(): void {
    this.#channels.clear();
    this.#client?.disconnect();
  }

  #open(): ReturnType<typeof createClient> {
    const client = createClient(this.#options, 'arrivals', this.#options.responseTimeoutMs);
    // The client's own resubscription causes unhandled rejections.
    if (client instanceof Redis) client.options.autoResubscribe = false;
    // The connection for commands logs the state of Redis. This connection fails at the same time.
    client.on('error', () => undefined);
    client.on('ready', () => void this.#send([...this.#channels]));
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    client.on('message', this.#onArrival);
    return client;
  }

  async #send(channels: readonly string[]): Promise<void> {
    if (channels.length === 0) return;
    try {
      this.#client ??= this.#open();
      await this.#client.subscribe(...channels);
      this.#onSubscribed(channels);
    } catch {
      // Repeated when the connection is ready. The caller gets other errors from the command connection.
    }
  }
}
