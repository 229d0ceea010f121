import { createHash } from 'node:crypto';
import type { QueueKey } from '@slack-mcp/core';

/** Maximum length that Kafka accepts for the name of a topic. */
const MAX_LENGTH = 249;
const HASH_LENGTH = 32;

/** The names of the topics of one key. */
export class TopicNames {
  readonly key: QueueKey;
  /** The topic that the messages are published to. */
  readonly topic: string;

  constructor(prefix: string, key: QueueKey) {
    this.key = key;
    this.topic = shortened(`${prefix}${key}`);
  }

  /** The topic with the dead letters of a group. */
  dead(group: string): string {
    return shortened(`${this.topic}.${group}.dead`);
  }

  /** The topic with the messages that are delivered again to a group. */
  again(group: string): string {
    return shortened(`${this.topic}.${group}.again`);
  }
}

/** Whether the name of a topic has the form of {@link TopicNames.again}. Does not recognize shortened names. */
export function isAgain(topic: string): boolean {
  return topic.endsWith('.again');
}

/** Returns the name of a group in Kafka. */
export function groupId(prefix: string, group: string): string {
  return `${prefix}${group}`;
}

/** Shortens a name that is too long. A shortened name ends in a hash of the whole name. */
function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}.${hash}`;
}
