import { QueueFullError, type QueueKey } from '@slack-mcp/core';
import type { ResolvedPublish } from '@slack-mcp/core/backend';
import { GroupQueue } from './group-queue.ts';
import { CHUNK_SIZE, MessageLog } from './message-log.ts';
import { RecentIds } from './recent-ids.ts';
import { storeMessage } from './stored-message.ts';

/** Limits of a queue, in messages. */
export interface QueueLimits {
  /** Maximum number of messages to keep after all readers have read them. */
  readonly maxLength: number;
  /** Maximum backlog of one group or independent consumer. */
  readonly maxBacklog: number;
}

/** The queue of one key, with its messages and the position of each group and independent consumer. */
export class MessageQueue {
  readonly key: QueueKey;
  readonly #log = new MessageLog();
  readonly #groups = new Map<string, GroupQueue>();
  readonly #independents = new Set<GroupQueue>();
  readonly #recent = new RecentIds();
  /** All groups and independent consumers. */
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

  /** Yields the JSON texts of the payloads in memory, oldest first. */
  *texts(): Generator<string> {
    for (let offset = this.#log.end - this.#log.size; offset < this.#log.end; offset += 1) {
      const { text } = this.#log.at(offset) ?? {};
      if (text !== undefined) yield text;
    }
  }

  /**
   * Number of messages in memory. Includes messages that were removed from the history but share a chunk with retained
   * messages.
   */
  get stored(): number {
    return this.#log.size;
  }

  /** Number of messages that a new group would receive. */
  get retained(): number {
    return this.#log.end - this.#trimmed();
  }

  /** Number of messages that were removed from the history. */
  get trimmed(): number {
    return this.#trimmed();
  }

  /** The largest backlog of all readers, including dead letters. */
  get mostKept(): number {
    return this.#readers.reduce((most, reader) => Math.max(most, reader.kept), 0);
  }

  /**
   * Stores a message and delivers it to waiting readers.
   *
   * @throws QueueFullError - the backlog of a group or an independent consumer has reached `maxBacklog`
   */
  publish(message: ResolvedPublish, { maxLength, maxBacklog }: QueueLimits): void {
    const { messageId, identified } = message;
    if (identified && this.#recent.has(messageId)) return;
    for (const reader of this.#readers) if (reader.kept >= maxBacklog) throw full(reader);
    if (identified) this.#recent.add(messageId);
    const offset = this.#log.end;
    this.#log.append(storeMessage(offset, message));
    this.#maxLength = maxLength;
    if (offset % CHUNK_SIZE === 0) this.#trim();
    for (const reader of this.#readers) reader.wake();
  }

  /** Returns the queue of a group. A new group starts with the retained messages or with the next published message. */
  group(name: string, from: 'earliest' | 'latest'): GroupQueue {
    let queue = this.#groups.get(name);
    if (queue === undefined) {
      queue = this.#reader(name, from === 'earliest' ? this.#trimmed() : this.#log.end);
      this.#groups.set(name, queue);
    }
    return queue;
  }

  /** Creates a queue for an independent consumer, which starts at the next published message. */
  independent(): GroupQueue {
    const queue = this.#reader(undefined, this.#log.end);
    this.#independents.add(queue);
    return queue;
  }

  /** Removes the queue of an independent consumer. */
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

  /**
   * Updates and returns the number of removed messages. Messages beyond `maxLength` are removed once all readers have
   * read them.
   */
  #trimmed(): number {
    let start = this.#log.end - this.#maxLength;
    for (const reader of this.#readers) start = Math.min(start, reader.position);
    this.#start = Math.max(this.#start, start);
    return this.#start;
  }
}

function full({ key, group, kept, deadLetters, pending }: GroupQueue): QueueFullError {
  const reader = group === undefined ? 'an independent consumer' : `the group ${group}`;
  return new QueueFullError(
    `the key ${key} is full: ${reader} has a backlog of ${kept} messages (${pending} in flight, ${deadLetters.size} dead letters): consume, redrive or purge messages, or raise maxBacklog`,
  );
}
