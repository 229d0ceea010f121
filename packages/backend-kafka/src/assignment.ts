/** What the leader of a group needs to know about a member to assign partitions. */
export interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  /** The partitions that the member owns. */
  readonly owned: readonly string[];
  /** The owned partitions that the member cannot give up yet, because handlers are still processing their messages. */
  readonly busy: readonly string[];
  /** The generation in which the member received the owned partitions. */
  readonly generation: number;
  /** Whether the member is about to leave the group and receives no further partitions. */
  readonly isLeaving: boolean;
}

/** A partition of a topic that a group reads. */
export interface Part {
  readonly topic: string;
  readonly name: string;
  /** Whether the topic contains only messages that are redelivered to the group. */
  readonly isAgain?: boolean;
}

/**
 * Assigns partitions to members. Assigns the partitions of redelivered messages separately: they contain few messages,
 * so a member with only such partitions would have little to do.
 *
 * @returns for each member, the names of its partitions
 */
export function assign(members: readonly Member[], parts: readonly Part[]): Map<string, string[]> {
  const shared = assignAlike(
    members,
    parts.filter(({ isAgain }) => isAgain !== true),
  );
  // In reverse order, so that the first members do not have one more of each.
  const again = assignAlike(
    members.toReversed(),
    parts.filter(({ isAgain }) => isAgain === true),
  );
  return new Map([...shared].map(([id, names]) => [id, [...names, ...(again.get(id) ?? [])]]));
}

/**
 * Assigns partitions that cause about the same load. A partition stays with its owner unless another member has at
 * least two fewer partitions. A partition moves in two rounds: the owner first gives up the partition, and another
 * member receives it in a later round. A busy partition stays with its owner.
 */
function assignAlike(members: readonly Member[], parts: readonly Part[]): Map<string, string[]> {
  const owners = ownersOf(members, parts);
  const isBusy = ({ name }: Part): boolean => owners.get(name)?.busy.includes(name) ?? false;
  const assigned = new Map<string, Part[]>(members.map(({ id }) => [id, []]));
  const load = ({ id }: Member): number => assigned.get(id)?.length ?? 0;
  const lightest = (topic: string): Member | undefined =>
    members
      .filter(({ topics, isLeaving }) => !isLeaving && topics.includes(topic))
      .reduce<Member | undefined>(
        (best, one) => (best === undefined || load(one) < load(best) ? one : best),
        undefined,
      );
  for (const part of parts) {
    const owner = owners.get(part.name);
    if (owner !== undefined) assigned.get(owner.id)?.push(part);
  }
  for (const part of parts) {
    if (!owners.has(part.name)) assigned.get(lightest(part.topic)?.id ?? '')?.push(part);
  }
  const byId = new Map(members.map((member) => [member.id, member]));
  const moving = new Set<string>();
  for (let moved = true; moved; ) {
    moved = false;
    for (const [id, ours] of [...assigned].sort(([, a], [, b]) => b.length - a.length)) {
      if (byId.get(id)?.isLeaving) continue;
      for (const part of ours.toReversed()) {
        const other = lightest(part.topic);
        if (isBusy(part) || other === undefined || other.id === id || load(other) > ours.length - 2) continue;
        ours.splice(ours.indexOf(part), 1);
        assigned.get(other.id)?.push(part);
        if (owners.get(part.name) === other) moving.delete(part.name);
        else if (owners.has(part.name)) moving.add(part.name);
        moved = true;
        break;
      }
      if (moved) break;
    }
  }
  return new Map(
    [...assigned].map(([id, ours]) => [id, ours.map(({ name }) => name).filter((name) => !moving.has(name))]),
  );
}

/**
 * Returns the owner of each partition that has an owner. If several members claim a partition, the member with the
 * latest generation owns it.
 */
function ownersOf(members: readonly Member[], parts: readonly Part[]): Map<string, Member> {
  const topics = new Map(parts.map(({ name, topic }) => [name, topic]));
  const owners = new Map<string, Member>();
  for (const member of members.toSorted((a, b) => a.generation - b.generation)) {
    for (const name of member.owned) {
      const topic = topics.get(name);
      if (topic !== undefined && member.topics.includes(topic)) owners.set(name, member);
    }
  }
  return owners;
}
