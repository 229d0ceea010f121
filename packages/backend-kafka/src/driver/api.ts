/** The result of a request for one partition. */
interface PartitionResult {
  readonly partition: number;
  readonly errorCode: number;
}

/** The topics of a request or a response. */
type Topics<P> = readonly { readonly topic: string; readonly partitions: readonly P[] }[];

/** A record to produce. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The time of the record in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record that a fetch returned. */
export interface IncomingRecord {
  readonly offset: number;
  /** The time of the record in milliseconds since the epoch. */
  readonly timestamp: number;
  /** The approximate size of the record in bytes. */
  readonly size: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The key as text, or `undefined` without a key. */
  readonly keyText: string | undefined;
  /**
   * The value as text, or `undefined` if the value is missing, is not UTF-8 or was compressed: then use {@link value}.
   */
  readonly valueText: string | undefined;
  /** Alternating names and values. A name can occur several times. Headers without a value are omitted. */
  readonly headers: readonly string[];
}

export interface FetchedPartition extends PartitionResult {
  /** All records except control records and records of aborted transactions. */
  readonly records: readonly IncomingRecord[];
  /** The offset after the last batch. Absent if the response contains no complete batch. */
  readonly end?: number;
  /** The offset before which the partition can currently be read. -1 if the broker does not report it. */
  readonly limit: number;
}

export interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
    readonly leader: number;
  }[];
}

/** The requests that the backend sends, each with its arguments and its response. */
export interface Api {
  ApiVersions: [
    Record<string, never>,
    { errorCode: number; apiVersions: readonly { apiKey: number; minVersion: number; maxVersion: number }[] },
  ];
  Metadata: [
    { topics: readonly string[]; allowAutoTopicCreation: boolean },
    {
      brokers: readonly { nodeId: number; host: string; port: number }[];
      controllerId: number;
      topicMetadata: readonly TopicMetadata[];
    },
  ];
  CreateTopics: [
    {
      topics: readonly {
        topic: string;
        numPartitions: number;
        replicationFactor: number;
        configEntries: readonly { name: string; value: string }[];
      }[];
      timeout: number;
      validateOnly: boolean;
    },
    { topicErrors: readonly { topic: string; errorCode: number; errorMessage?: string | null }[] },
  ];
  DescribeConfigs: [
    {
      resources: readonly { type: number; name: string; configNames: readonly string[] }[];
      includeSynonyms: boolean;
    },
    {
      resources: readonly {
        errorCode: number;
        configEntries: readonly { configName: string; configValue: string | null }[];
      }[];
    },
  ];
  InitProducerId: [
    { transactionalId?: undefined; transactionTimeout: number },
    { errorCode: number; producerId: string; producerEpoch: number },
  ];
  Produce: [
    {
      acks: number;
      timeout: number;
      producerId: string;
      producerEpoch: number;
      topicData: readonly {
        topic: string;
        partitions: readonly { partition: number; firstSequence: number; messages: readonly OutgoingRecord[] }[];
      }[];
    },
    { topics: readonly { topicName: string; partitions: readonly (PartitionResult & { baseOffset: string })[] }[] },
  ];
  Fetch: [
    {
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      isolationLevel: number;
      rackId: string;
      topics: Topics<{ partition: number; fetchOffset: string; maxBytes: number }>;
    },
    {
      errorCode: number;
      responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
    },
  ];
  ListOffsets: [
    { topics: Topics<{ partition: number; timestamp: number | string }> },
    { responses: Topics<PartitionResult & { offset: string }> },
  ];
  GroupCoordinator: [
    { groupId: string },
    { errorCode: number; coordinator: { nodeId: number; host: string; port: number } },
  ];
  JoinGroup: [
    {
      groupId: string;
      sessionTimeout: number;
      rebalanceTimeout: number;
      memberId: string;
      protocolType: string;
      groupProtocols: readonly { name: string; metadata: Buffer }[];
    },
    {
      errorCode: number;
      generationId: number;
      leaderId: string;
      memberId: string;
      members: readonly { memberId: string; memberMetadata: Buffer }[];
    },
  ];
  SyncGroup: [
    {
      groupId: string;
      generationId: number;
      memberId: string;
      groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[];
    },
    { errorCode: number; memberAssignment: Buffer },
  ];
  Heartbeat: [{ groupId: string; groupGenerationId: number; memberId: string }, { errorCode: number }];
  LeaveGroup: [{ groupId: string; memberId: string }, { errorCode: number }];
  OffsetCommit: [
    {
      groupId: string;
      groupGenerationId: number;
      memberId: string;
      topics: Topics<{ partition: number; offset: string; metadata: string }>;
    },
    { responses: Topics<PartitionResult> },
  ];
  OffsetFetch: [
    { groupId: string; topics: Topics<{ partition: number }> },
    { errorCode: number; responses: Topics<PartitionResult & { offset: string; metadata: string | null }> },
  ];
}

export type ApiName = keyof Api;
