import { randomUUID } from 'node:crypto';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { type StartedBroker, startRedis } from '@slack-mcp/brokers';
import type { QueueBackend } from '@slack-mcp/core';

/** A backend to run tests on. To add one, add a line here. */
export interface BackendUnderTest {
  readonly name: string;
  /** Starts its broker in its most durable setting, for the test to kill. Undefined: there is no broker. */
  readonly startBroker?: () => Promise<StartedBroker>;
  /** Opens it with one group, `workers`, that receives everything from the first event. */
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
