import { QueueFullError, type QueueKey } from '@slack-mcp/core';
import type { ResolvedPublish } from '@slack-mcp/core/backend';
import { GroupQueue } from './group-queue.ts';
import { CHUNK_SIZE, MessageLog } from './message-log.ts';
import { RecentIds } from './recent-ids.ts';
import { storeMessage } from './stored-message.ts';

/** Bounds of a queue, in messages. */
export interface QueueLimits {
  /** History that nobody is owed. */
  readonly maxLength: number;
  /** What one group or independent consumer may be owed. */
  readonly maxBacklog: number;
}

/** One key: its messages, and what each group and each independent consumer is owed of them. */
export class MessageQueue {
  readonly key: QueueKey;
  readonly #log = new MessageLog();
  readonly #groups = new Map<string, GroupQueue>();
  readonly #independents = new Set<GroupQueue>();
  readonly #recent = new RecentIds();
  /** Both of the above. */
  #readers: readonly GroupQueue[] = [];
  #maxLength = Number.POSITIVE_INFINITY;
  #start = 0;

  constructor(key: QueueKey) {
    this.key = key;
  }

  get groups(): ReadonlyMap<string, GroupQueue> {
    return this.#groups;
  }

  get independents(): number {
    return this.#independents.size;
  }

  /** The payloads in memory, oldest first. */
  *texts(): Generator<string> {
    for (let offset = this.#log.end - this.#log.size; offset < this.#log.end; offset += 1) {
      const { text } = this.#log.at(offset) ?? {};
      if (text !== undefined) yield text;
    }
  }

  /** Messages in memory: those that are retained, and what is left of a chunk. */
  get stored(): number {
    return this.#log.size;
  }

  /** Messages that a new group would get. */
  get retained(): number {
    return this.#log.end - this.#trimmed();
  }

  /** Messages of history that were dropped. */
  get trimmed(): number {
    return this.#trimmed();
  }

  /** What the reader is owed that is owed most. */
  get mostOwed(): number {
    return this.#readers.reduce((most, reader) => Math.max(most, reader.owed), 0);
  }

  /**
   * @throws QueueFullError - a group or an independent consumer is owed `maxBacklog` messages
   */
  publish(message: ResolvedPublish, { maxLength, maxBacklog }: QueueLimits): void {
    const { messageId, identified } = message;
    if (identified && this.#recent.has(messageId)) return;
    for (const reader of this.#readers) if (reader.owed >= maxBacklog) throw full(reader);
    if (identified) this.#recent.add(messageId);
    const offset = this.#log.end;
    this.#log.append(storeMessage(offset, message));
    this.#maxLength = maxLength;
    if (offset % CHUNK_SIZE === 0) this.#trim();
    for (const reader of this.#readers) reader.wake();
  }

  /** The group's queue; a new group begins with what is retained, or with what comes. */
  group(name: string, from: 'earliest' | 'latest'): GroupQueue {
    let queue = this.#groups.get(name);
    if (queue === undefined) {
      queue = this.#reader(name, from === 'earliest' ? this.#trimmed() : this.#log.end);
      this.#groups.set(name, queue);
    }
    return queue;
  }

  /** A queue for an independent consumer, which sees what comes. */
  independent(): GroupQueue {
    const queue = this.#reader(undefined, this.#log.end);
    this.#independents.add(queue);
    return queue;
  }

  /** Drops the queue of an independent consumer. */
  forget(queue: GroupQueue): void {
    if (!this.#independents.delete(queue)) return;
    this.#readers = this.#readers.filter((reader) => reader !== queue);
    this.#trim();
  }

  #reader(group: string | undefined, position: number): GroupQueue {
    const queue = new GroupQueue(this.key, group, this.#log, position, (position) => {
      if (position % CHUNK_SIZE === 0) this.#trim();
    });
    this.#readers = [...this.#readers, queue];
    return queue;
  }

  #trim(): void {
    this.#log.forget(this.#trimmed());
  }

  /** How many messages are dropped: those beyond `maxLength` that every reader has read. */
  #trimmed(): number {
    let start = this.#log.end - this.#maxLength;
    for (const reader of this.#readers) start = Math.min(start, reader.position);
    this.#start = Math.max(this.#start, start);
    return this.#start;
  }
}

function full({ key, group, owed, deadLetters, pending }: GroupQueue): QueueFullError {
  const reader = group === undefined ? 'an independent consumer' : `the group ${group}`;
  return new QueueFullError(
    `the key ${key} is full: ${reader} is owed ${owed} messages (${pending} in hand, ${deadLetters.size} dead letters): ` +
      'consume, redrive or purge them, or raise maxBacklog',
  );
}
