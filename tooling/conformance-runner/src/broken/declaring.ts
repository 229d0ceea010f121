import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { BackendCapabilities, ConsumeOptions, QueueBackend } from '@slack-mcp/core';
import { consumeWith, wrapBackend } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';
import { swapped } from './swapped.ts';

/** Defects of declarations and configuration. */
export const brokenDeclaring: readonly BrokenBackend[] = [
  {
    name: 'declares a capability that it does not have',
    caughtBy: 'contract.capabilities',
    harness: overMemory((backend) =>
      wrapBackend(backend, { capabilities: { ...backend.capabilities, persistent: true } }),
    ),
  },
  {
    name: 'declares an order across retries that it does not keep',
    caughtBy: 'retry.order-across-nack',
    also: ['delivery.order-many-members'],
    harness: declaring({ ordering: 'ordering-key', settlement: 'prefix' }, (backend) => backend),
  },
  {
    name: 'declares an order across members that it does not keep',
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
    name: 'declares a start at a time and starts at the oldest message',
    caughtBy: 'delivery.from-time',
    harness: declaring({ startTime: true }, (backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) => backend.consume(withoutTime(options, { from: 'earliest' }))),
      }),
    ),
  },
  {
    name: 'accepts a time that it does not support',
    caughtBy: 'delivery.from-time',
    harness: overMemory((backend) =>
      wrapBackend(backend, { consume: consumeWith((options) => backend.consume(withoutTime(options, {}))) }),
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
    name: 'uses the default for a malformed variable',
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
    name: 'uses the default for an invalid option',
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
    name: 'ignores case in keys',
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
    name: 'reads only the first of its keys',
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

/** The options with another start if they start at a time. */
function withoutTime({ from, ...options }: ConsumeOptions = {}, start: Pick<ConsumeOptions, 'from'>): ConsumeOptions {
  if (from instanceof Date) return { ...options, ...start };
  return from === undefined ? options : { ...options, from };
}

/** A backend and a harness that declare the same capabilities, regardless of the behaviour. */
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
