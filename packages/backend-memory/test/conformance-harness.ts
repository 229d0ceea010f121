import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { MemoryBroker } from '../src/broker.ts';
import { findBroker, joinBroker, leaveBroker } from '../src/broker-registry.ts';
import type { GroupQueue } from '../src/group-queue.ts';
import { MemoryBackend } from '../src/index.ts';

/** Options of {@link createHarness}. */
export interface MemoryHarnessOptions {
  /** Maximum size of a payload. A small one saves the time of large payloads. Default: that of the backend. */
  readonly maxPayloadBytes?: number | undefined;
}

/** The harness of the memory backend for the conformance suite. */
export function createHarness({ maxPayloadBytes }: MemoryHarnessOptions = {}): ConformanceHarness {
  const limit = maxPayloadBytes === undefined ? {} : { maxPayloadBytes };
  // Queues exist as long as an instance uses their name: here, as long as the namespace.
  const kept = new Map<string, MemoryBroker>();
  const keep = (namespace: string): void => {
    if (!kept.has(namespace)) kept.set(namespace, joinBroker(namespace));
  };
  const noBytes = 'messages come from `publish` alone, which encodes them: there are no foreign bytes';
  return {
    name: 'memory',
    Backend: MemoryBackend,
    capabilities: new MemoryBackend(limit).capabilities,
    overrides: ['maxBacklog', 'maxLength', 'maxDeliveries'],
    create({ namespace, groups, keys, maxBacklog, maxLength, maxDeliveries }) {
      keep(namespace);
      return new MemoryBackend({
        name: namespace,
        ...limit,
        ...(groups === undefined ? {} : { groups }),
        ...(keys === undefined ? {} : { keys }),
        ...(maxBacklog === undefined ? {} : { maxBacklog }),
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(maxDeliveries === undefined ? {} : { maxDeliveries }),
      });
    },
    envFor(namespace) {
      keep(namespace);
      return { MEMORY_NAME: namespace };
    },
    async destroy(namespace) {
      const broker = kept.get(namespace);
      kept.delete(namespace);
      if (broker !== undefined) leaveBroker(namespace, broker);
    },
    invalidEnv: [
      { env: { MEMORY_MAX_LENGTH: 'many' }, variable: 'MEMORY_MAX_LENGTH' },
      { env: { MEMORY_MAX_LENGTH: '-1' }, variable: 'MEMORY_MAX_LENGTH' },
      { env: { MEMORY_MAX_BACKLOG: '0' }, variable: 'MEMORY_MAX_BACKLOG' },
    ],
    inspect: {
      pending: async (namespace, group) => sum(namespace, group, (queue) => queue.pending),
      depth: async (namespace, group) => sum(namespace, group, (queue) => queue.kept - queue.deadLetters.size),
      async stored(namespace, key) {
        const queue = findBroker(namespace)?.queues.get(key);
        return queue === undefined ? [] : [...queue.texts()].map((text) => Buffer.from(text));
      },
      async objects(namespace) {
        const queues = [...(findBroker(namespace)?.queues.values() ?? [])];
        return queues.flatMap(({ key, groups, independents }) => [
          ...[...groups.keys()].map((group) => `${key}/${group}`),
          ...(independents > 0 ? [`${key}: ${independents} independent`] : []),
        ]);
      },
    },
    notApplicable: {
      'dead-letter.undecodable': noBytes,
      'dead-letter.undecodable-independent': noBytes,
    },
  };
}

function sum(namespace: string, group: string, count: (queue: GroupQueue) => number): number {
  const queues = [...(findBroker(namespace)?.queues.values() ?? [])];
  return queues.reduce((total, { groups }) => {
    const queue = groups.get(group);
    return queue === undefined ? total : total + count(queue);
  }, 0);
}
