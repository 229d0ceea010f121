import { randomUUID } from 'node:crypto';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { type StartedBroker, startRedis } from '@slack-mcp/brokers';
import type { QueueBackend } from '@slack-mcp/core';

/** A backend to run a test on. A new one joins by a line here. */
export interface BackendUnderTest {
  readonly name: string;
  /** Starts its broker, to be killed by the test, in its most durable setting. Absent: there is none. */
  readonly startBroker?: () => Promise<StartedBroker>;
  /** Opens it with one group, `workers`, that is owed everything from the first event on. */
  open(broker: StartedBroker | undefined): QueueBackend;
}

const GROUPS = { QUEUE_GROUPS: 'workers' };

export const BACKENDS: readonly BackendUnderTest[] = [
  { name: 'memory', open: () => new MemoryBackend({ name: randomUUID(), groups: ['workers'] }) },
  {
    name: 'redis',
    startBroker: () => startRedis({ appendfsync: 'always' }),
    open: (broker) => RedisBackend.fromEnv({ ...broker?.env, ...GROUPS }),
  },
];
