import { randomBytes } from 'node:crypto';

/**
 * A name that no other test file uses, as prefix of streams, topics, queues and groups on a shared broker, or as a
 * virtual host. Within the alphabet of queue keys.
 */
export function namespace(label = 'test'): string {
  return `${label}-${randomBytes(6).toString('hex')}`;
}
