import {
  ConfigurationError,
  type DeadLetter,
  type DeadLetterBatch,
  type DeadLetters,
  isQueueError,
  type QueueKey,
} from '@slack-mcp/core';
import { retryUntil } from '@slack-mcp/core/backend';
import { withChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import { type HeldBatch, scanDeadLetters } from './dead-letter-scan.ts';
import { OldestLetters } from './oldest-letters.ts';
import type { ResolvedOptions } from './options.ts';
import { encodeRedriven, type ParkedMessage } from './parked-message.ts';
import { toQueueError } from './rabbitmq-error.ts';
import { ScanProgress } from './scan-progress.ts';

/** Number of dead letters that are redriven at the same time. */
const CHUNK = 64;
/** Number of dead letters in a batch. */
const BATCH = 100;

/** Matches the id of a dead letter, which begins with the time of parking. */
const POSITION = /^\d{15}-[\da-f-]+$/;

type Visit = (batch: HeldBatch) => Promise<boolean>;

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
    if (cursor !== '' && !POSITION.test(cursor)) {
      throw new ConfigurationError('cursor must be a cursor that list() returned');
    }
    // One more shows whether there is another page.
    const oldest = new OldestLetters(limit + 1);
    await this.#scan('listing', async ({ items }) => {
      for (const { letter } of items) if (letter.id > cursor && this.#keys.has(letter.key)) oldest.add(letter);
      return true;
    });
    const found = oldest.sorted();
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return last === undefined || found.length <= limit ? { items } : { items, cursor: last.id };
  }

  redrive(ids: readonly string[] | 'all'): Promise<number> {
    return this.#act('redriving', ids, (batch, chosen) => this.#redrive(batch, chosen));
  }

  purge(ids: readonly string[] | 'all'): Promise<number> {
    return this.#act('purging', ids, (batch, chosen) => purge(batch, chosen));
  }

  async scan(
    onBatch: (batch: DeadLetterBatch) => Promise<boolean>,
    { size = BATCH }: { size?: number } = {},
  ): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    const visit: Visit = async (batch) => {
      const items = batch.items.filter(({ letter }) => this.#keys.has(letter.key));
      if (items.length === 0) return true;
      const choose = (ids: readonly string[]): ParkedMessage[] => {
        const set = new Set(ids);
        return items.filter(({ letter }) => set.has(letter.id));
      };
      try {
        return await onBatch({
          items: items.map(({ letter }) => letter),
          redrive: (ids) => this.#redrive(batch, choose(ids)),
          purge: (ids) => purge(batch, choose(ids)),
        });
      } catch (error) {
        // Not an error of RabbitMQ: the scan must not begin again.
        failure = { error };
        return false;
      }
    };
    await this.#scan('reading', visit, { size, isYielding: true });
    if (failure !== undefined) throw failure.error;
  }

  async #act(
    doing: string,
    ids: readonly string[] | 'all',
    act: (batch: HeldBatch, chosen: readonly ParkedMessage[]) => Promise<number>,
  ): Promise<number> {
    const isChosen = this.#chosen(ids);
    if (ids.length === 0) return 0;
    let count = 0;
    await this.#scan(doing, async (batch) => {
      count += await act(batch, batch.items.filter(isChosen));
      return true;
    });
    return count;
  }

  #chosen(ids: readonly string[] | 'all'): (item: ParkedMessage) => boolean {
    if (ids === 'all') return ({ letter }) => this.#keys.has(letter.key);
    if (!Array.isArray(ids)) {
      throw new ConfigurationError(`ids must be 'all' or an array of ids that list() returned`);
    }
    const set = new Set(ids);
    return ({ letter }) => set.has(letter.id) && this.#keys.has(letter.key);
  }

  async #redrive({ remove }: HeldBatch, chosen: readonly ParkedMessage[]): Promise<number> {
    const { retryDelayMs, timeoutMs } = this.#options;
    for (let start = 0; start < chosen.length; start += CHUNK) {
      const chunk = chosen.slice(start, start + CHUNK);
      const results = await Promise.allSettled(
        chunk.map((item) => retryUntil(() => this.#returnOnce(item), { initialDelayMs: retryDelayMs, timeoutMs })),
      );
      // A message that was returned must not be redriven again, even if another message failed.
      remove(chunk.filter((_, index) => results[index]?.status === 'fulfilled'));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return chosen.length;
  }

  async #returnOnce(item: ParkedMessage): Promise<void> {
    try {
      await this.#return(item);
    } catch (cause) {
      throw this.#failed(cause, 'redriving');
    }
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

  /**
   * Scans the dead-letter queue. Waits while another reader uses the queue, and while RabbitMQ is unavailable. If the
   * channel is lost, the scan continues with the messages that it has not read. A scan that yields lets other readers
   * of this process go first.
   */
  async #scan(doing: string, visit: Visit, { size = BATCH, isYielding = false } = {}): Promise<void> {
    const { retryDelayMs, timeoutMs } = this.#options;
    const progress = new ScanProgress();
    const pass = async (): Promise<boolean> => {
      try {
        return await this.#pass(visit, { size, isYielding, progress });
      } catch (cause) {
        throw this.#failed(cause, doing);
      }
    };
    for (let isComplete = false; !isComplete; ) {
      const before = progress.size;
      try {
        isComplete = await retryUntil(pass, { initialDelayMs: retryDelayMs, timeoutMs });
      } catch (error) {
        // The time limit is for a broker that does not answer, not for a long queue.
        const isOver = progress.size === before || !isQueueError(error) || !error.retryable;
        if (isOver) throw error;
      }
    }
  }

  async #pass(
    visit: Visit,
    { size, isYielding, progress }: { size: number; isYielding: boolean; progress: ScanProgress },
  ): Promise<boolean> {
    const client = this.#connect();
    const queue = client.topology.names.deadLetters(this.#group);
    const connection = await client.consuming.open();
    const isInterrupted = (): boolean => isYielding && client.isAwaited(queue);
    const options = { queue, group: this.#group, size, progress, isInterrupted };
    return client.oneAtATime(queue, () =>
      client.topology.asDeadLetterReader(connection, this.#group, () => scanDeadLetters(connection, options, visit)),
    );
  }

  #failed(cause: unknown, doing: string): unknown {
    return toQueueError(cause, `${doing} the dead letters of ${this.#group}`, this.#options.endpoint);
  }
}

async function purge({ remove }: HeldBatch, chosen: readonly ParkedMessage[]): Promise<number> {
  remove(chosen);
  return chosen.length;
}
