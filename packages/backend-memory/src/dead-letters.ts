import type { QueueKey } from '@slack-mcp/core';
import type { Parked, ParkedContent, ParkedStore } from '@slack-mcp/core/backend';
import type { MemoryBroker } from './broker.ts';
import type { ParkedMessage } from './dead-letter-shelf.ts';
import type { GroupQueue } from './group-queue.ts';

/** A parked message. The position of the message is its sequence number. */
interface NumberedMessage extends Parked {
  readonly message: ParkedMessage;
}

/** The dead letters of a group. */
export class MemoryParkedStore implements ParkedStore<NumberedMessage> {
  readonly #broker: MemoryBroker;
  readonly #group: string;

  constructor(broker: MemoryBroker, group: string) {
    this.#broker = broker;
    this.#group = group;
  }

  isPosition(text: string): boolean {
    return /^[1-9]\d{0,14}$/.test(text);
  }

  comparePositions(a: string, b: string): number {
    return Number(a) - Number(b);
  }

  async read(key: QueueKey, from: string | undefined, limit: number): Promise<NumberedMessage[]> {
    const parked = this.#queue(key)?.deadLetters.list(Number(from ?? 0), limit) ?? [];
    return parked.map((message) => ({ position: String(message.number), message }));
  }

  async newest(key: QueueKey): Promise<string | undefined> {
    return this.#queue(key)?.deadLetters.newest?.toString();
  }

  describe({ message: { stored, retryCount, deadLetteredAt, reason } }: NumberedMessage): ParkedContent {
    const { messageId, text, headers, orderingKey, timestamp } = stored;
    const about = { body: text, messageId, headers, timestamp, deadLetteredAt, retryCount, reason };
    return orderingKey === undefined ? about : { ...about, orderingKey };
  }

  async redrive(key: QueueKey, positions: readonly string[]): Promise<number> {
    const parked = this.#take(key, positions);
    if (parked.length > 0) this.#queue(key)?.redrive(parked);
    return parked.length;
  }

  async purge(key: QueueKey, positions: readonly string[]): Promise<number> {
    return this.#take(key, positions).length;
  }

  #take(key: QueueKey, positions: readonly string[]): ParkedMessage[] {
    const shelf = this.#queue(key)?.deadLetters;
    return positions.map((position) => shelf?.take(Number(position))).filter((taken) => taken !== undefined);
  }

  #queue(key: QueueKey): GroupQueue | undefined {
    return this.#broker.queues.get(key)?.groups.get(this.#group);
  }
}
