import { assertSuccess, BrokerError, errorType, type KafkaLink, MAIN } from './driver/index.ts';

/** The position of a group in a partition. */
export interface StoredOffset {
  /** The offset, or -1 if the group has no position. */
  readonly offset: number;
  readonly metadata: string;
}

/** The generation id that Kafka expects in a group without members. */
const NO_GENERATION = -1;

/** Reads and creates the positions of a group without joining it. */
export class GroupOffsets {
  readonly #link: KafkaLink;
  readonly #groupId: string;

  constructor(link: KafkaLink, groupId: string) {
    this.#link = link;
    this.#groupId = groupId;
  }

  /** Reads the positions of the group in the partitions of a topic. */
  async read(topic: string, partitions: readonly number[]): Promise<Map<number, StoredOffset>> {
    return this.#attempt(async () => {
      const coordinator = await this.#link.coordinator(this.#groupId, MAIN);
      const wanted = partitions.map((partition) => ({ partition }));
      const answer = await coordinator.request('OffsetFetch', {
        groupId: this.#groupId,
        topics: [{ topic, partitions: wanted }],
      });
      assertSuccess(answer.errorCode);
      const stored = new Map<number, StoredOffset>();
      for (const { partition, errorCode, offset, metadata } of answer.responses.flatMap((each) => each.partitions)) {
        assertSuccess(errorCode);
        stored.set(partition, { offset: Number(offset), metadata: metadata ?? '' });
      }
      return stored;
    });
  }

  /**
   * Stores a position in each partition of a topic if the group has no position in the topic yet. Does nothing while
   * the group has members, because members store their positions themselves.
   *
   * @param start - returns the offset to store for each partition
   */
  async found(topic: string, start: () => Promise<ReadonlyMap<number, number>>): Promise<void> {
    const positions = await start();
    const stored = await this.read(topic, [...positions.keys()]);
    if ([...stored.values()].some(({ offset }) => offset >= 0)) return;
    await this.#attempt(async () => {
      const coordinator = await this.#link.coordinator(this.#groupId, MAIN);
      const partitions = [...positions].map(([partition, offset]) => ({
        partition,
        offset: String(offset),
        metadata: '',
      }));
      const { responses } = await coordinator.request('OffsetCommit', {
        groupId: this.#groupId,
        groupGenerationId: NO_GENERATION,
        memberId: '',
        topics: [{ topic, partitions }],
      });
      for (const { errorCode } of responses.flatMap((each) => each.partitions)) {
        if (!HAS_MEMBERS.has(errorType(errorCode))) assertSuccess(errorCode);
      }
    });
  }

  async #attempt<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof BrokerError) || MOVED.has(error.type)) this.#link.forgetCoordinator(this.#groupId);
      throw error;
    }
  }
}

const HAS_MEMBERS: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS']);
/** Error codes for a group whose coordinator has changed or is currently unavailable. */
export const MOVED: ReadonlySet<string> = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_LOAD_IN_PROGRESS',
]);
