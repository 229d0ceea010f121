import type { Logger } from '@slack-mcp/core';
import { type CommitState, decodeState } from './commit-metadata.ts';
import type { GroupOffsets, StoredOffset } from './group-offsets.ts';
import type { GroupTopics } from './group-topics.ts';
import { PartitionTracker } from './partition-tracker.ts';
import type { TopicCatalog } from './topic-catalog.ts';

/**
 * Restores partitions from the state that the group has stored. Omits partitions that have no leader at the moment.
 *
 * @param names - the partitions, as `topic/partition`
 */
export async function restorePartitions(
  names: readonly string[],
  catalog: TopicCatalog,
  offsets: GroupOffsets,
  topics: GroupTopics,
  logger: Logger,
): Promise<PartitionTracker[]> {
  const byTopic = Map.groupBy(names, (name) => name.slice(0, name.lastIndexOf('/')));
  const restored = await Promise.all(
    [...byTopic].map(async ([topic, ours]) => {
      const led = new Set(await catalog.withLeader(topic));
      const partitions = ours.map((name) => Number(name.slice(topic.length + 1))).filter((each) => led.has(each));
      const [stored, starts, ends] = await Promise.all([
        offsets.read(topic, partitions),
        catalog.offsets(topic, 'earliest', partitions),
        catalog.offsets(topic, 'latest', partitions),
      ]);
      return partitions.map((partition) => {
        const place = { topic, partition, key: topics.keyOf(topic), isAgain: topics.isAgain(topic) };
        const start = starts.get(partition) ?? 0;
        const end = ends.get(partition) ?? start;
        const state = stateOf(stored.get(partition), topics.startOf(topic, partition) ?? start);
        if (state === undefined) logger.warn({ topic, partition }, 'queue_commit_metadata_ignored');
        const { offset = 0 } = stored.get(partition) ?? {};
        const known = state ?? fresh(offset);
        if (known.prefix < start)
          logger.warn({ topic, partition, lost: start - known.prefix }, 'queue_messages_expired');
        // The topic was created again, or its log was truncated. Reading it again loses nothing.
        if (known.prefix > end) return new PartitionTracker(place, fresh(start));
        return new PartitionTracker(place, known, Math.max(known.prefix, start));
      });
    }),
  );
  return restored.flat();
}

/** Decodes the stored state. Returns `undefined` if another program wrote the metadata. */
function stateOf(stored: StoredOffset | undefined, start: number): CommitState | undefined {
  if (stored === undefined || stored.offset < 0) return fresh(start);
  if (stored.metadata === '') return fresh(stored.offset);
  return decodeState(stored.offset, stored.metadata);
}

function fresh(prefix: number): CommitState {
  return { prefix, holes: [], end: prefix, counts: [], window: 0 };
}
