import { retryUntil } from '@slack-mcp/core/backend';
import { assign, type Member } from './assignment.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type PartitionsByTopic,
} from './driver/index.ts';
import { isAgain } from './topic-names.ts';

/** Looks up the numbers of partitions of topics. */
interface Layout {
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/**
 * Encodes the data that a member sends about itself when it joins the group.
 *
 * @param fences - a number that changes if the group needs a new generation
 */
export function encodeMember({ topics, ...about }: Omit<Member, 'id'>, fences: number): Buffer {
  return encodeSubscription({ topics, userData: Buffer.from(JSON.stringify({ ...about, fences })) });
}

/** Assigns the partitions of all topics to the members. Only the leader of the group calls this function. */
export async function lead(
  members: readonly { memberId: string; memberMetadata: Buffer }[],
  layout: Layout,
  timeoutMs: number,
): Promise<{ memberId: string; memberAssignment: Buffer }[]> {
  const all = members.map(({ memberId, memberMetadata }): Member => {
    const { topics, userData } = decodeSubscription(memberMetadata);
    return { id: memberId, topics, ...readAbout(userData) };
  });
  const topics = [...new Set(all.flatMap((member) => member.topics))].sort();
  const counts = await retryUntil(() => layout.partitions(topics), {
    initialDelayMs: 20,
    timeoutMs,
    isRetryable: () => true,
  });
  const parts = topics.flatMap((topic) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({
      ...{ topic, name: `${topic}/${partition}`, isAgain: isAgain(topic) },
    })),
  );
  return [...assign(all, parts)].map(([memberId, names]) => ({
    memberId,
    memberAssignment: encodeAssignment(byTopic(names)),
  }));
}

/** Returns the partitions of an assignment, each as `topic/partition`. */
export function namesOf(assignment: Buffer): Set<string> {
  const byTopics = Object.entries(decodeAssignment(assignment));
  return new Set(byTopics.flatMap(([topic, partitions]) => partitions.map((each) => `${topic}/${each}`)));
}

function readAbout(userData: Buffer): Omit<Member, 'id' | 'topics'> {
  try {
    const { owned, busy, generation, isLeaving } = JSON.parse(userData.toString()) as Record<string, unknown>;
    return {
      owned: Array.isArray(owned) ? owned.map(String) : [],
      busy: Array.isArray(busy) ? busy.map(String) : [],
      generation: Number(generation) || 0,
      isLeaving: isLeaving === true,
    };
  } catch {
    return { owned: [], busy: [], generation: 0, isLeaving: false };
  }
}

function byTopic(names: readonly string[]): PartitionsByTopic {
  const partitions: Record<string, number[]> = {};
  for (const name of names) {
    const slash = name.lastIndexOf('/');
    const topic = name.slice(0, slash);
    partitions[topic] = [...(partitions[topic] ?? []), Number(name.slice(slash + 1))];
  }
  return partitions;
}
