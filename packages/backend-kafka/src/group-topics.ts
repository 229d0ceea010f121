import type { ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { BrokerError, errorType } from './driver/index.ts';
import type { GroupOffsets } from './group-offsets.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import { TopicNames } from './topic-names.ts';

/**
 * The topics that a group member reads. Each key has a topic that all groups share, and a topic with the messages that
 * are redelivered to this group.
 */
export class GroupTopics {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  /** The key of each topic, by topic name, including topics that do not exist yet. */
  readonly #keys = new Map<string, string>();
  readonly #main: readonly TopicNames[];
  /** The number of partitions of each topic that exists. */
  #counts: ReadonlyMap<string, number> = new Map();
  /** The number of partitions of each topic in the last assignment, if this member made it. */
  #assigned: ReadonlyMap<string, number> | undefined;
  /** The start offsets of a new group by topic, unless the group starts at the beginning of the log. */
  readonly #starts = new Map<string, ReadonlyMap<number, number>>();

  constructor(
    connection: KafkaConnection,
    options: ResolvedOptions,
    consume: ResolvedConsumeOptions & { group: string },
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#consume = consume;
    this.#main = consume.keys.map((key) => new TopicNames(options.prefix, key));
    for (const names of this.#main) {
      this.#keys.set(names.topic, names.key);
      this.#keys.set(names.again(consume.group), names.key);
    }
  }

  /** The names of the topics that exist. */
  get names(): readonly string[] {
    return [...this.#counts.keys()];
  }

  keyOf(topic: string): string {
    return this.#keys.get(topic) ?? topic;
  }

  /** Whether a topic contains the messages that are redelivered to the group. */
  isAgain(topic: string): boolean {
    return this.#main.every((names) => names.topic !== topic);
  }

  /**
   * Returns the offset at which the group starts in a partition without a stored position, or `undefined` for the
   * beginning of the log.
   */
  startOf(topic: string, partition: number): number | undefined {
    return this.#starts.get(topic)?.get(partition);
  }

  /** Makes one attempt to create the missing topics. */
  async prepare(offsets: GroupOffsets): Promise<void> {
    try {
      for (const names of this.#main) {
        const { topic } = names;
        await this.#connection.catalog.ensure({ topic });
        if (this.#options.retryMode === 'topic') {
          await this.#connection.catalog.ensure({ topic: names.again(this.#consume.group) });
        }
        const { from, fromTime } = this.#consume;
        if (from === 'latest' || fromTime !== undefined) await this.#startLater(topic, offsets);
      }
      await this.look();
      // A broker may not know a new topic yet.
      if (this.#main.some(({ topic }) => !this.#counts.has(topic))) throw new BrokerError(UNKNOWN_TOPIC_OR_PARTITION);
    } catch (cause) {
      throw toQueueError(cause, `joining the group ${this.#consume.group}`, this.#options.endpoint);
    }
  }

  /**
   * Checks which topics and partitions exist. Returns whether they have changed, or differ from the assignment that this
   * member made.
   */
  async look(): Promise<boolean> {
    const counts = await this.#count([...this.#keys.keys()]);
    const isSame = counts.size === this.#counts.size && isSubset(counts, this.#counts);
    const isAssigned = this.#assigned === undefined || isSubset(counts, this.#assigned);
    this.#counts = counts;
    this.#assigned = undefined;
    return !(isSame && isAssigned);
  }

  /**
   * Returns the number of partitions of each topic that exists, for an assignment. If the answer comes from a broker
   * that does not know a topic yet, the next {@link look} finds the topic.
   */
  async countToAssign(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.#assigned = await this.#count(topics);
    return this.#assigned;
  }

  async #count(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#connection.link.refresh(topics);
    const counts = new Map<string, number>();
    for (const [topic, { topicErrorCode, partitionMetadata }] of found) {
      const known = partitionMetadata.length > 0 && errorType(topicErrorCode) !== 'UNKNOWN_TOPIC_OR_PARTITION';
      if (known) counts.set(topic, partitionMetadata.length);
    }
    return counts;
  }

  async #startLater(topic: string, offsets: GroupOffsets): Promise<void> {
    const partitions = [...((await this.#connection.catalog.find(topic)) ?? []).keys()];
    const stored = await offsets.read(topic, partitions);
    if ([...stored.values()].some(({ offset }) => offset >= 0)) return;
    const starts = await this.#connection.catalog.startOffsets(topic, this.#consume.fromTime);
    this.#starts.set(topic, starts);
    await offsets.found(topic, async () => starts);
  }
}

const UNKNOWN_TOPIC_OR_PARTITION = 3;

function isSubset(counts: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): boolean {
  return [...counts].every(([topic, count]) => others.get(topic) === count);
}
