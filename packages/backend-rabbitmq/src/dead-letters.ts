import { ConfigurationError, type DeadLetter, type DeadLetters, isQueueError, type QueueKey } from '@slack-mcp/core';
import { retryUntil } from '@slack-mcp/core/backend';
import { withChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import { type HeldDeadLetters, scanDeadLetters } from './dead-letter-scan.ts';
import type { ResolvedOptions } from './options.ts';
import { encodeRedriven, type ParkedMessage } from './parked-message.ts';
import { toQueueError } from './rabbitmq-error.ts';

/** Number of dead letters that are redriven at the same time. */
const CHUNK = 64;

/** The dead letters of a group, in one queue for all keys. */
export class RabbitMQDeadLetters implements DeadLetters {
  readonly #connect: () => RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #keys: ReadonlySet<QueueKey>;

  constructor(connect: () => RabbitMQClient, options: ResolvedOptions, group: string, keys: readonly QueueKey[]) {
    this.#connect = connect;
    this.#options = options;
    this.#group = group;
    this.#keys = new Set(keys);
  }

  async list({ limit = 100, cursor = '' }: { limit?: number; cursor?: string } = {}): Promise<{
    items: DeadLetter[];
    cursor?: string;
  }> {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new ConfigurationError('limit must be an integer of at least 1 (for example { limit: 100 })');
    }
    const letters = await this.#scan('listing', async ({ items }) => items.map(({ letter }) => letter));
    const rest = letters.filter(({ id, key }) => id > cursor && this.#keys.has(key));
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return last === undefined || rest.length === items.length ? { items } : { items, cursor: last.id };
  }

  redrive(ids: readonly string[] | 'all'): Promise<number> {
    const isChosen = this.#chosen(ids);
    if (ids.length === 0) return Promise.resolve(0);
    return this.#scan('redriving', async ({ items, remove }) => {
      const chosen = items.filter(isChosen);
      for (let start = 0; start < chosen.length; start += CHUNK) {
        const chunk = chosen.slice(start, start + CHUNK);
        await Promise.all(chunk.map((item) => this.#return(item)));
        remove(chunk);
      }
      return chosen.length;
    });
  }

  purge(ids: readonly string[] | 'all'): Promise<number> {
    const isChosen = this.#chosen(ids);
    if (ids.length === 0) return Promise.resolve(0);
    return this.#scan('purging', async ({ items, remove }) => {
      const chosen = items.filter(isChosen);
      remove(chosen);
      return chosen.length;
    });
  }

  #chosen(ids: readonly string[] | 'all'): (item: ParkedMessage) => boolean {
    if (ids === 'all') return ({ letter }) => this.#keys.has(letter.key);
    if (!Array.isArray(ids)) {
      throw new ConfigurationError(`ids must be 'all' or an array of ids that list() returned`);
    }
    const set = new Set(ids);
    return ({ letter }) => set.has(letter.id) && this.#keys.has(letter.key);
  }

  /** Returns a dead letter to the queue that it came from, or to the queue of its key. */
  async #return({ letter, queue, message }: ParkedMessage): Promise<void> {
    const { republisher, topology, consuming } = this.#connect();
    const options = encodeRedriven(message);
    try {
      if (queue !== undefined) return await republisher.toQueue(queue, message.content, options);
    } catch (error) {
      if (!isQueueError(error, 'ERR_QUEUE_CONSUME')) throw error;
    }
    const connection = await consuming.open();
    await withChannel(connection, `declaring the queue of ${letter.key}`, async (channel) => {
      await topology.exchange(channel);
      await topology.groupQueues(channel, this.#group, [[letter.key]]);
    });
    await republisher.toQueue(topology.names.group(this.#group, [letter.key]), message.content, options);
  }

  /** Scans the dead-letter queue. Waits while another reader uses the queue, and while RabbitMQ is unavailable. */
  async #scan<T>(doing: string, visit: (held: HeldDeadLetters) => Promise<T>): Promise<T> {
    const { topology, consuming, oneAtATime } = this.#connect();
    const queue = topology.names.deadLetters(this.#group);
    const { retryDelayMs, timeoutMs, endpoint } = this.#options;
    const attempt = async (): Promise<T> => {
      try {
        const connection = await consuming.open();
        return await oneAtATime(queue, () => scanDeadLetters(connection, { queue, group: this.#group }, visit));
      } catch (cause) {
        throw toQueueError(cause, `${doing} the dead letters of ${this.#group}`, endpoint);
      }
    };
    return retryUntil(attempt, { initialDelayMs: retryDelayMs, timeoutMs });
  }
}
