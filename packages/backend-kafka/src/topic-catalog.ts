import { TopologyError } from '@slack-mcp/core';
import { retryUntil } from '@slack-mcp/core/backend';
import { type Api, assertSuccess, BrokerError, errorType, type KafkaLink, type Leaders, MAIN } from './driver/index.ts';
import { PUBLISHING, toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';

/** A topic to create if it is missing. */
export interface TopicPlan {
  readonly topic: string;
  /** Number of partitions. Default: the value of the option `partitions`. */
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Maximum time in milliseconds until a created topic appears in the metadata. */
const CREATION_MS = 5_000;

/** Creates topics that are missing. The settings of an existing topic stay unchanged. */
export class TopicCatalog {
  readonly #link: KafkaLink;
  readonly #options: ResolvedOptions;
  readonly #ensuring = new Map<string, Promise<Leaders>>();

  constructor(link: KafkaLink, options: ResolvedOptions) {
    this.#link = link;
    this.#options = options;
  }

  /**
   * Makes one attempt to find or create a topic. Waits a short time until all partitions have leaders. Resolves with
   * the leaders of the topic. At least one partition has a leader.
   *
   * @throws TopologyError - the topic is missing, and the Kafka user may not create it
   */
  ensure(plan: TopicPlan): Promise<Leaders> {
    const known = this.#link.leaders(plan.topic);
    if (known?.every((leader) => leader >= 0)) return Promise.resolve(known);
    let ensuring = this.#ensuring.get(plan.topic);
    if (ensuring === undefined) {
      ensuring = this.#ensure(plan).finally(() => this.#ensuring.delete(plan.topic));
      this.#ensuring.set(plan.topic, ensuring);
    }
    return ensuring;
  }

  /** Returns the leaders of a topic, or `undefined` if there is no such topic. */
  async find(topic: string): Promise<Leaders | undefined> {
    const errorCode = (await this.#link.refresh([topic])).get(topic)?.topicErrorCode ?? 0;
    const leaders = this.#link.leaders(topic);
    if (leaders !== undefined || errorType(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') return leaders;
    assertSuccess(errorCode);
    return undefined;
  }

  /**
   * Asks the cluster for the leaders of a topic.
   *
   * @throws ConnectionError - a partition has no leader at the moment
   */
  async locate(topic: string): Promise<Leaders> {
    const leaders = await this.find(topic);
    if (leaders?.every((leader) => leader >= 0)) return leaders;
    throw toQueueError(new BrokerError(LEADER_NOT_AVAILABLE), `waiting for ${topic}`, this.#options.endpoint);
  }

  /** Returns the partitions of a topic that have a leader at the moment. */
  async withLeader(topic: string): Promise<number[]> {
    const known = this.#link.leaders(topic);
    const leaders = known?.every((leader) => leader >= 0) ? known : ((await this.find(topic)) ?? []);
    return [...leaders.keys()].filter((partition) => (leaders[partition] ?? -1) >= 0);
  }

  /**
   * Returns how long a topic keeps messages, in milliseconds. Returns `undefined` if there is no time limit, or if the
   * Kafka user may not read the settings of the topic.
   */
  async retentionMs(topic: string): Promise<number | undefined> {
    const leader = this.#link.leaders(topic)?.[0];
    if (leader === undefined || leader < 0) return undefined;
    const connection = await this.#link.node(leader, MAIN);
    const { resources } = await connection.request('DescribeConfigs', {
      resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: ['cleanup.policy', 'retention.ms'] }],
      includeSynonyms: false,
    });
    const settings = new Map(
      resources.flatMap(({ configEntries }) =>
        configEntries.map(({ configName, configValue }) => [configName, configValue ?? '']),
      ),
    );
    const retention = Number(settings.get('retention.ms') ?? -1);
    return retention < 0 || !settings.get('cleanup.policy')?.includes('delete') ? undefined : retention;
  }

  async #ensure(plan: TopicPlan): Promise<Leaders> {
    const { topic } = plan;
    try {
      const found = await this.find(topic);
      if (found?.every((leader) => leader >= 0)) return found;
      if (found === undefined) await this.#create(plan);
      // A new topic has no leaders at first.
      return await retryUntil(() => this.locate(topic), {
        ...{ initialDelayMs: 5, maxDelayMs: 200, timeoutMs: CREATION_MS },
      }).catch((error: unknown) => {
        const leaders = this.#link.leaders(topic);
        // The other partitions work without the partition that has lost its leader.
        if (leaders?.some((leader) => leader >= 0)) return leaders;
        throw error;
      });
    } catch (error) {
      throw toQueueError(error, `looking for the topic ${topic}`, this.#options.endpoint, PUBLISHING);
    }
  }

  async #create({ topic, partitions = this.#options.partitions, config = {} }: TopicPlan): Promise<void> {
    const { replicas, requestTimeoutMs, endpoint } = this.#options;
    const controller = await this.#link.controller();
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const { topicErrors } = await controller.request('CreateTopics', {
      topics: [{ topic, numPartitions: partitions, replicationFactor: replicas, configEntries }],
      timeout: Math.max(1, requestTimeoutMs - 500),
      validateOnly: false,
    });
    const [{ errorCode, errorMessage } = { errorCode: 0 }] = topicErrors;
    const type = errorType(errorCode);
    if (errorCode === 0 || type === 'TOPIC_ALREADY_EXISTS') return;
    if (type.endsWith('AUTHORIZATION_FAILED')) {
      const factor = replicas > 0 ? ` --replication-factor ${replicas}` : '';
      throw new TopologyError(
        `the topic ${topic} is missing at ${endpoint}, and the Kafka user may not create it: run kafka-topics.sh --bootstrap-server ${endpoint} --create --topic ${topic} --partitions ${partitions}${factor}`,
        { cause: new BrokerError(errorCode, errorMessage) },
      );
    }
    if (type === 'INVALID_REPLICATION_FACTOR') {
      throw new TopologyError(
        `the topic ${topic} cannot be created at ${endpoint}: ${errorMessage ?? type}; check KAFKA_REPLICAS`,
        { cause: new BrokerError(errorCode, errorMessage), retryable: true },
      );
    }
    throw new BrokerError(errorCode, errorMessage);
  }

  /**
   * Returns the first offset of each partition for a consumer that starts at a time, in milliseconds since the epoch. If
   * the time is `undefined`, the consumer starts at the end of the log.
   */
  async startOffsets(topic: string, fromTime: number | undefined): Promise<Map<number, number>> {
    const ends = await this.offsets(topic, 'latest');
    if (fromTime === undefined) return ends;
    const found = await this.offsets(topic, fromTime);
    return new Map([...ends].map(([partition, end]) => [partition, offsetOr(end, found.get(partition))]));
  }

  /**
   * Asks the leaders for an offset of each partition: the first offset in the log, the next offset to be written, or
   * the offset of the first message that was published at or after a time. The offset is -1 if there is no such
   * message.
   *
   * @param wanted - the partitions; default: all
   */
  async offsets(
    topic: string,
    at: 'earliest' | 'latest' | number,
    wanted?: readonly number[],
  ): Promise<Map<number, number>> {
    const leaders = this.#link.leaders(topic) ?? (await this.find(topic)) ?? [];
    const timestamp = at === 'earliest' ? -2 : at === 'latest' ? -1 : at;
    const byLeader = Map.groupBy(wanted ?? leaders.keys(), (partition) => leaders[partition] ?? -1);
    const offsets = new Map<number, number>();
    await Promise.all(
      [...byLeader].map(async ([leader, ours]) => {
        const partitions = ours.map((partition) => ({ partition, timestamp }));
        const { responses } = await this.#listOffsets(leader, { topics: [{ topic, partitions }] });
        for (const { partition, errorCode, offset } of responses.flatMap((response) => response.partitions)) {
          if (errorCode !== 0) this.#link.forget([topic]);
          assertSuccess(errorCode);
          offsets.set(partition, Number(offset));
        }
      }),
    );
    return offsets;
  }

  async #listOffsets(leader: number, args: Api['ListOffsets'][0]): Promise<Api['ListOffsets'][1]> {
    try {
      const connection = await this.#link.node(leader, MAIN);
      return await connection.request('ListOffsets', args);
    } catch (error) {
      // The partitions may have another leader when the caller tries again.
      this.#link.forgetNode(leader);
      throw error;
    }
  }
}

const LEADER_NOT_AVAILABLE = 5;
/** The number that stands for a topic in a request for settings. */
const TOPIC_RESOURCE = 2;

/**
 * Returns the offset that the broker found for a timestamp, or `end` if the broker answered -1 because it found none.
 */
function offsetOr(end: number, found = -1): number {
  return found < 0 ? end : found;
}
