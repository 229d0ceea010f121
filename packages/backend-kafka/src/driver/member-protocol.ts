import { AssignerProtocol } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/** The data that a member sends about itself when it joins a group. */
export interface MemberSubscription {
  readonly topics: readonly string[];
  readonly userData: Buffer;
}

export type PartitionsByTopic = Readonly<Record<string, readonly number[]>>;

export function encodeSubscription({ topics, userData }: MemberSubscription): Buffer {
  return MemberMetadata.encode({ version: 0, topics: [...topics], userData });
}

export function decodeSubscription(bytes: Buffer): MemberSubscription {
  const { topics, userData } = MemberMetadata.decode(bytes) ?? { topics: [], userData: Buffer.alloc(0) };
  return { topics, userData: userData ?? Buffer.alloc(0) };
}

export function encodeAssignment(assignment: PartitionsByTopic): Buffer {
  const copy = Object.fromEntries(Object.entries(assignment).map(([topic, partitions]) => [topic, [...partitions]]));
  return MemberAssignment.encode({ version: 0, assignment: copy, userData: Buffer.alloc(0) });
}

export function decodeAssignment(bytes: Buffer): PartitionsByTopic {
  return MemberAssignment.decode(bytes)?.assignment ?? {};
}
