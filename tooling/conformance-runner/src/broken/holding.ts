import { setTimeout as elapse } from 'node:timers/promises';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import { consumeWith, wrapBackend, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';

/** Defects of buffers, endings and open resources. */
export const brokenHolding: readonly BrokenBackend[] = [
  {
    name: 'buffers without a limit',
    caughtBy: 'flow.prefetch-buffer',
    also: ['flow.prefetch', 'flow.prefetch-keys', 'flow.saturated', 'flow.unsettled-survives-trimming'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const inner = backend.consume(options);
          return options.prefetch === undefined || inner === undefined
            ? inner
            : swap(inner, () => backend.consume({ ...options, prefetch: 10_000 }));
        }),
      }),
    ),
  },
  {
    name: 'ignores abort',
    caughtBy: 'lifecycle.abort-idle',
    also: ['lifecycle.abort-releases', 'lifecycle.abort-then-settle', 'lifecycle.abort-while-processing'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith(({ signal, ...options } = {}) =>
          backend.consume(signal?.aborted ? { ...options, signal } : options),
        ),
      }),
    ),
  },
  {
    name: 'ignores a signal that is already aborted',
    caughtBy: 'lifecycle.aborted-before',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith(({ signal, ...options } = {}) =>
          backend.consume(signal === undefined || signal.aborted ? options : { ...options, signal }),
        ),
      }),
    ),
  },
  {
    name: 'keeps buffered messages when it is aborted',
    caughtBy: 'lifecycle.abort-releases',
    also: [
      'lifecycle.abort-then-settle',
      'lifecycle.abort-while-processing',
      'lifecycle.cycles',
      'lifecycle.subscriptions',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith(({ signal, ...options } = {}) => {
          if (signal === undefined || signal.aborted) return backend.consume(signal ? { ...options, signal } : options);
          const inner = backend.consume(options);
          const aborted = new Promise<{ done: true; value: undefined }>((resolve) => {
            signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true });
          });
          let asked = 0;
          return wrapSubscription(inner, {
            async next() {
              asked += 1;
              if (!signal.aborted) return Promise.race([inner.next(), aborted]);
              if (asked > 1) await inner.close({ drainTimeoutMs: 10_000 });
              return aborted;
            },
          });
        }),
      }),
    ),
  },
  {
    name: 'does not end waits when it is closed',
    caughtBy: 'lifecycle.close-ends',
    harness: overMemory((backend) => {
      let closed = false;
      return wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          return wrapSubscription(inner, {
            async next() {
              const asked = !closed;
              const result = await inner.next();
              return result.done && asked && closed ? new Promise(() => {}) : result;
            },
          });
        }),
        close(options) {
          closed = true;
          return backend.close(options);
        },
      });
    }),
  },
  {
    name: 'hangs in close() until everything is settled',
    caughtBy: 'lifecycle.close-bounded',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        close: ({ drainTimeoutMs = 10_000 } = {}) =>
          backend.close({ drainTimeoutMs: drainTimeoutMs === 0 ? 0 : 2 ** 30 }),
      }),
    ),
  },
  {
    name: 'drops messages in flight in close()',
    caughtBy: 'lifecycle.drain',
    harness: overMemory((backend) => wrapBackend(backend, { close: () => backend.close({ drainTimeoutMs: 0 }) })),
  },
  {
    name: 'blocks return() during a waiting next()',
    caughtBy: 'lifecycle.return-while-waiting',
    also: ['delivery.group-shares', 'lifecycle.subscriptions'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          let pending: Promise<unknown> = Promise.resolve();
          return wrapSubscription(inner, {
            next() {
              const result = inner.next();
              pending = result.catch(() => {});
              return result;
            },
            async return() {
              await pending;
              return inner.return();
            },
          });
        }),
      }),
    ),
  },
  {
    name: 'leaks a listener on the signal that it was passed',
    caughtBy: 'lifecycle.subscriptions',
    also: ['lifecycle.cycles'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          options.signal?.addEventListener('abort', () => {});
          return backend.consume(options);
        }),
      }),
    ),
  },
  {
    name: 'leaks a timer for each backend',
    caughtBy: 'lifecycle.cycles',
    harness: (memory) => ticking(memory, 'publish'),
  },
  {
    name: 'starts a timer when it is constructed',
    caughtBy: 'contract.lazy',
    also: ['lifecycle.cycles'],
    harness: (memory) => ticking(memory, 'construct'),
  },
  {
    name: 'lets ready reject unhandled',
    caughtBy: 'lifecycle.ready-unobserved',
    also: ['lifecycle.aborted-before', 'lifecycle.concurrent', 'lifecycle.subscriptions'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          return wrapSubscription(inner, { ready: inner.ready.then(() => {}) });
        }),
      }),
    ),
  },
  {
    name: 'publishes to see whether it is healthy',
    caughtBy: 'lifecycle.health-changes-nothing',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async health() {
          await backend.publish('events', { n: 0 }).catch(() => {});
          return backend.health();
        },
      }),
    ),
  },
  {
    name: 'forgets pending publishes when it is closed',
    caughtBy: 'lifecycle.close-flushes',
    also: ['contract.closed', 'payload.copies'],
    harness: overMemory((backend) => {
      let closed = false;
      return wrapBackend(backend, {
        async publish(key, payload, options) {
          await elapse(0);
          if (closed) return new Promise(() => {});
          return backend.publish(key, payload, options);
        },
        close(options) {
          closed = true;
          return backend.close(options);
        },
      });
    }),
  },
];

/** Replaces `inner` with the subscription that `open` creates. */
function swap<T extends { return(): Promise<unknown> }>(inner: T, open: () => T): T {
  void inner.return();
  return open();
}

/** A timer that runs until its namespace is destroyed. */
function ticking(memory: ConformanceHarness, when: 'construct' | 'publish'): ConformanceHarness {
  const timers = new Map<string, NodeJS.Timeout[]>();
  const start = (namespace: string): void => {
    timers.set(namespace, [...(timers.get(namespace) ?? []), setInterval(() => {}, 60_000)]);
  };
  return {
    ...memory,
    create(options) {
      const backend = memory.create(options);
      let started = when === 'construct';
      if (started) start(options.namespace);
      return wrapBackend(backend, {
        publish(...message) {
          if (!started) start(options.namespace);
          started = true;
          return backend.publish(...message);
        },
      });
    },
    async destroy(namespace) {
      for (const timer of timers.get(namespace) ?? []) clearInterval(timer);
      timers.delete(namespace);
      await memory.destroy(namespace);
    },
  };
}
