import { randomBytes } from 'node:crypto';

/**
 * A unique name for a test file, as prefix of streams, topics, queues and groups on a shared broker, or as a virtual
 * host. Contains only characters that are valid in queue keys.
 */
export function namespace(label = 'test'): string {
  return `${label}-${randomBytes(6).toString('hex')}`;
}
