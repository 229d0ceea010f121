import { createHash } from 'node:crypto';
import type { QueueKey } from '@slack-mcp/core';

/** Maximum length that Kafka accepts for the name of a topic. */
const MAX_LENGTH = 249;
const HASH_LENGTH = 32;
const DEAD = '.dead';
const AGAIN = '.again';

/** The names of the topics of one key. */
export class TopicNames {
  readonly key: QueueKey;
  /** The topic that the messages are published to. */
  readonly topic: string;

  constructor(prefix: string, key: QueueKey) {
    this.key = key;
    this.topic = shortened(`${prefix}${key}`);
  }

  /** Returns the name of the topic with the dead letters of a group. */
  dead(group: string): string {
    return shortened(`${this.topic}.${group}`, DEAD);
  }

  /** Returns the name of the topic with the messages that are redelivered to a group. */
  again(group: string): string {
    return shortened(`${this.topic}.${group}`, AGAIN);
  }
}

/** Whether the name of a topic has the form of {@link TopicNames.again}. */
export function isAgain(topic: string): boolean {
  return topic.endsWith(AGAIN);
}

/** Returns the name that a group has in Kafka. */
export function groupId(prefix: string, group: string): string {
  return `${prefix}${group}`;
}

/**
 * Appends a suffix to a name, and shortens the name if it is too long. A shortened name contains a hash of the whole name.
 */
function shortened(name: string, suffix = ''): string {
  const whole = `${name}${suffix}`;
  if (whole.length <= MAX_LENGTH) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1 - suffix.length)}.${hash}${suffix}`;
}
