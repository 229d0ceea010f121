import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { ConsumeOptions, QueueBackend, Subscription } from '@slack-mcp/core';
import type { ReferenceBackend, ReferenceOptions } from '../reference/reference-backend.ts';
import { referenceHarness } from '../reference/reference-harness.ts';
import { consumeWith, wrapBackend } from '../wrap.ts';

/** A backend with one defect that the suite must find. */
export interface BrokenBackend {
  readonly name: string;
  /** The property that detects this defect. */
  readonly caughtBy: string;
  /** Other properties that also fail. */
  readonly also?: readonly string[];
  /** @param memory - the harness of the memory backend, which has no defect */
  harness(memory: ConformanceHarness): ConformanceHarness;
}

/** The memory backend with each instance replaced by `breakIt`, which may keep state per namespace. */
export function overMemory(
  breakIt: (backend: QueueBackend, namespace: string) => QueueBackend,
): BrokenBackend['harness'] {
  return (memory) => ({
    ...memory,
    create: (options) => breakIt(memory.create(options), options.namespace),
    Backend: {
      fromEnv: (env, options) => breakIt(memory.Backend.fromEnv(env, options), env?.['MEMORY_NAME'] ?? ''),
    },
  });
}

/** The memory backend with each subscription replaced by `breakIt`, which receives its instance. */
export function overSubscriptions(
  breakIt: (subscription: Subscription, options: ConsumeOptions, backend: QueueBackend) => Subscription,
): BrokenBackend['harness'] {
  return overMemory((backend) =>
    wrapBackend(backend, {
      consume: consumeWith((options = {}) => breakIt(backend.consume(options), options, backend)),
    }),
  );
}

/** The harness of the reference backend with another class. */
export function overReference(Broken: new (options: ReferenceOptions) => ReferenceBackend): BrokenBackend['harness'] {
  return (memory) => referenceHarness(memory, (options) => new Broken(options));
}
