import { Redis } from 'ioredis';
import { createClient } from '../create-client.ts';
import type { ResolvedOptions } from '../options.ts';

/**
 * Hears of new messages over a connection of its own, opened by the first subscription. Redis forgets what it says
 * while nobody listens: whoever needs to know looks again after `onSubscribed`.
 */
export class ArrivalChannel {
  readonly #options: ResolvedOptions;
  readonly #onArrival: (channel: string) => void;
  readonly #onSubscribed: (channels: readonly string[]) => void;
  readonly #channels = new Set<string>();
  #client: ReturnType<typeof createClient> | undefined;

  constructor(
    options: ResolvedOptions,
    listener: { onArrival(channel: string): void; onSubscribed(channels: readonly string[]): void },
  ) {
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
    // A connection that is lost has no subscriptions any more.
    this.#client?.unsubscribe(channel).catch(() => undefined);
  }

  /** Lets a connection that has silently died be noticed, and has another one tried where the last gave up. */
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
    // The client's own way to subscribe again leaves rejections unhandled.
    if (client instanceof Redis) client.options.autoResubscribe = false;
    // The connection for commands logs what happens to Redis; this one fails at the same time.
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
      // Done again once the connection is ready. What waiting cannot cure, the one who looks is told.
    }
  }
}
