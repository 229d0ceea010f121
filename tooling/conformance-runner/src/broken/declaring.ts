import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { BackendCapabilities, QueueBackend } from '@slack-mcp/core';
import { consumeWith, wrapBackend } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';
import { swapped } from './swapped.ts';

/** Mistakes of what a backend says of itself, and of how it is configured. */
export const brokenDeclaring: readonly BrokenBackend[] = [
  {
    name: 'declares what it does not have',
    caughtBy: 'contract.capabilities',
    harness: overMemory((backend) =>
      wrapBackend(backend, { capabilities: { ...backend.capabilities, persistent: true } }),
    ),
  },
  {
    name: 'declares an order over retries that it does not keep',
    caughtBy: 'retry.order-across-nack',
    also: ['delivery.order-many-members'],
    harness: declaring({ ordering: 'ordering-key', settlement: 'prefix' }, (backend) => backend),
  },
  {
    name: 'declares an order over members that it does not keep',
    caughtBy: 'delivery.order-many-members',
    also: [
      'contract.publish-options',
      'dead-letter.record',
      'dead-letter.redrive',
      'delivery.order',
      'retry.metadata',
      'retry.order-across-release',
    ],
    harness: declaring({ ordering: 'ordering-key' }, (backend) =>
      wrapBackend(backend, { consume: consumeWith((options) => swapped(backend.consume(options))) }),
    ),
  },
  {
    name: 'does not read the environment',
    caughtBy: 'contract.from-env',
    also: ['delivery.owed-groups'],
    harness: (memory) => ({
      ...memory,
      Backend: {
        fromEnv(env, options) {
          memory.Backend.fromEnv(env, options);
          return memory.Backend.fromEnv({}, options);
        },
      },
    }),
  },
  {
    name: 'takes the default for what is malformed',
    caughtBy: 'contract.from-env-refuses',
    harness: (memory) => ({
      ...memory,
      Backend: {
        fromEnv(env, options) {
          try {
            return memory.Backend.fromEnv(env, options);
          } catch {
            return memory.Backend.fromEnv({}, options);
          }
        },
      },
    }),
  },
  {
    name: 'takes the default for an option that is none',
    caughtBy: 'contract.invalid-options',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const { prefetch, ...rest } = options;
          return backend.consume(prefetch !== undefined && prefetch >= 1 ? options : rest);
        }),
      }),
    ),
  },
  {
    name: 'does not tell A from a in keys',
    caughtBy: 'contract.keys',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        publish: async (key, ...rest) => backend.publish(key.toLowerCase(), ...rest),
        consume: consumeWith((options) =>
          backend.consume(
            typeof options?.keys === 'string' ? { ...options, keys: options.keys.toLowerCase() } : options,
          ),
        ),
      }),
    ),
  },
  {
    name: 'reads the first of its keys only',
    caughtBy: 'contract.default-keys',
    also: ['dead-letter.list'],
    harness: (memory) => ({
      ...memory,
      create: ({ keys, ...options }) =>
        memory.create(keys === undefined ? options : { ...options, keys: keys.slice(0, 1) }),
    }),
  },
  {
    name: 'shows its password in health()',
    caughtBy: 'lifecycle.health',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async health() {
          const { detail, ...health } = await backend.health();
          return { ...health, detail: { ...detail, url: 'memory://user:hunter2@here' } };
        },
      }),
    ),
  },
];

/** A backend and a harness that agree on capabilities, whatever the backend does. */
function declaring(
  declared: Partial<BackendCapabilities>,
  breakIt: (backend: QueueBackend) => QueueBackend,
): BrokenBackend['harness'] {
  return (memory): ConformanceHarness => ({
    ...overMemory((backend) =>
      wrapBackend(breakIt(backend), { capabilities: { ...backend.capabilities, ...declared } }),
    )(memory),
    capabilities: { ...memory.capabilities, ...declared },
  });
}
