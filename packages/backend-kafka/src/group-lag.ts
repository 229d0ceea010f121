import type { QueueKey } from '@slack-mcp/core';
import type { KafkaConnection } from './client.ts';
import { decodeState } from './commit-metadata.ts';
import { assertSuccess, MAIN } from './driver/index.ts';
import { GroupOffsets } from './group-offsets.ts';
import type { ResolvedOptions } from './options.ts';
import { groupId, TopicNames } from './topic-names.ts';

/** The unsettled messages of one group and key. */
export interface GroupLag {
  readonly key: QueueKey;
  readonly group: string;
  /** Number of messages that the group has not settled. */
  readonly count: number;
  /** Number of messages that expired before the group settled them. */
  readonly expired: number;
  /**
   * Age in milliseconds of the oldest message that the group has not settled. Absent if the group has settled all
   * messages.
   */
  readonly oldestAgeMs?: number;
  /**
   * Milliseconds until the oldest message that the group has not settled can expire. Absent until 80 % of its retention
   * time has passed.
   */
  readonly expiresInMs?: number;
}

/** The fraction of the retention time after which unsettled messages count as about to expire. */
const WARN_FROM = 0.8;

/** Returns the lag of a group, or `undefined` if the topic does not exist. */
export async function groupLag(
  connection: KafkaConnection,
  { prefix }: ResolvedOptions,
  key: QueueKey,
  group: string,
): Promise<GroupLag | undefined> {
  const names = new TopicNames(prefix, key);
  const id = groupId(prefix, group);
  const [main, again] = [
    await topicLag(connection, names.topic, id),
    await topicLag(connection, names.again(group), id),
  ];
  if (main === undefined) return undefined;
  return { key, group, ...(again === undefined ? main : together(main, again)) };
}

type TopicLag = Omit<GroupLag, 'key' | 'group'>;

function together(one: TopicLag, other: TopicLag): TopicLag {
  const ages = [one.oldestAgeMs, other.oldestAgeMs].filter((age) => age !== undefined);
  const expiries = [one.expiresInMs, other.expiresInMs].filter((expiry) => expiry !== undefined);
  return {
    count: one.count + other.count,
    expired: one.expired + other.expired,
    ...(ages.length === 0 ? {} : { oldestAgeMs: Math.max(...ages) }),
    ...(expiries.length === 0 ? {} : { expiresInMs: Math.min(...expiries) }),
  };
}

async function topicLag(connection: KafkaConnection, topic: string, group: string): Promise<TopicLag | undefined> {
  const { link, catalog } = connection;
  if ((await catalog.find(topic)) === undefined) return undefined;
  const [starts, ends] = await Promise.all([catalog.offsets(topic, 'earliest'), catalog.offsets(topic, 'latest')]);
  const stored = await new GroupOffsets(link, group).read(topic, [...ends.keys()]);
  let count = 0;
  let expired = 0;
  let oldest: { partition: number; offset: number }[] = [];
  for (const [partition, end] of ends) {
    const start = starts.get(partition) ?? 0;
    const { offset = -1, metadata = '' } = stored.get(partition) ?? {};
    const first = Math.max(start, offset);
    const state = offset < start ? undefined : decodeState(offset, metadata);
    const lag = state === undefined ? end - first : state.holes.length + Math.max(0, end - Math.max(state.end, offset));
    if (offset >= 0) expired += Math.max(0, start - offset);
    count += lag;
    if (lag > 0) oldest = [...oldest, { partition, offset: first }];
  }
  const times = await Promise.all(oldest.map((place) => timeOf(connection, topic, place)));
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return { count, expired };
  const oldestAgeMs = Math.max(0, Date.now() - Math.min(...known));
  const retention = (await catalog.retentionMs(topic)) ?? Number.POSITIVE_INFINITY;
  const isExpiring = oldestAgeMs >= retention * WARN_FROM;
  const expiry = isExpiring ? { expiresInMs: Math.max(0, retention - oldestAgeMs) } : {};
  return { count, expired, oldestAgeMs, ...expiry };
}

/** Returns the time when a message was published, in milliseconds since the epoch. */
async function timeOf(
  { link }: KafkaConnection,
  topic: string,
  { partition, offset }: { partition: number; offset: number },
): Promise<number | undefined> {
  const leader = link.leaders(topic)?.[partition];
  if (leader === undefined || leader < 0) return undefined;
  const connection = await link.node(leader, MAIN);
  const { errorCode, responses } = await connection.request('Fetch', {
    ...{ maxWaitTime: 0, minBytes: 0, maxBytes: 1, isolationLevel: 1, rackId: '' },
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: 1 }] }],
  });
  assertSuccess(errorCode);
  const records = responses[0]?.partitions[0]?.records ?? [];
  return records.find((record) => record.offset >= offset)?.timestamp;
}
