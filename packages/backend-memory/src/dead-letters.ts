import { ConfigurationError, type DeadLetter, type DeadLetters, type QueueKey } from '@slack-mcp/core';
import type { MemoryBroker } from './broker.ts';
import type { ParkedMessage } from './dead-letter-shelf.ts';
import type { GroupQueue } from './group-queue.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** The dead letters of a group across several keys. Each call looks up the broker, so that it fails after `close()`. */
export class MemoryDeadLetters implements DeadLetters {
  readonly #broker: () => MemoryBroker;
  readonly #group: string;
  readonly #keys: readonly QueueKey[];

  constructor(broker: () => MemoryBroker, group: string, keys: readonly QueueKey[]) {
    this.#broker = broker;
    this.#group = group;
    this.#keys = keys;
  }

  async list(options: { limit?: number; cursor?: string } = {}): Promise<{ items: DeadLetter[]; cursor?: string }> {
    const { limit = DEFAULT_LIMIT, cursor } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new ConfigurationError(`limit must be an integer from 1 to ${MAX_LIMIT} (for example { limit: 100 })`);
    }
    const after = cursor === undefined ? 0 : parseId(cursor);
    if (after === undefined) throw new ConfigurationError('cursor is not valid: use a cursor that list() returned');
    const found = this.#queues()
      .flatMap((queue) => queue.deadLetters.list(after, limit + 1).map((parked) => ({ parked, queue })))
      .sort((a, b) => a.parked.number - b.parked.number);
    const items = found.slice(0, limit).map(({ parked, queue }) => this.#describe(parked, queue.key));
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
  }

  async redrive(ids: readonly string[] | 'all'): Promise<number> {
    return this.#take(ids, (queue, parked) => queue.redrive(parked));
  }

  async purge(ids: readonly string[] | 'all'): Promise<number> {
    return this.#take(ids, () => {});
  }

  #take(ids: readonly string[] | 'all', use: (queue: GroupQueue, parked: readonly ParkedMessage[]) => void): number {
    const numbers = ids === 'all' ? [] : ids.map(parseId).filter((number) => number !== undefined);
    let count = 0;
    for (const queue of this.#queues()) {
      const shelf = queue.deadLetters;
      const parked =
        ids === 'all'
          ? shelf.takeAll()
          : numbers.map((number) => shelf.take(number)).filter((taken) => taken !== undefined);
      if (parked.length > 0) use(queue, parked);
      count += parked.length;
    }
    return count;
  }

  #queues(): GroupQueue[] {
    const { queues } = this.#broker();
    return this.#keys.map((key) => queues.get(key)?.groups.get(this.#group)).filter((queue) => queue !== undefined);
  }

  #describe({ number, stored, retryCount, deadLetteredAt, reason }: ParkedMessage, key: QueueKey): DeadLetter {
    const { messageId, text, headers, orderingKey, timestamp } = stored;
    return {
      id: String(number),
      messageId,
      key,
      group: this.#group,
      payload: JSON.parse(text),
      headers,
      ...(orderingKey === undefined ? {} : { orderingKey }),
      timestamp,
      deadLetteredAt,
      retryCount,
      reason,
    };
  }
}

function parseId(id: string): number | undefined {
  return /^[1-9]\d{0,15}$/.test(id) ? Number(id) : undefined;
}
