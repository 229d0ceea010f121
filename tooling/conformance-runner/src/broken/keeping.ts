import type { QueueMessage } from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory, overSubscriptions } from './broken-backend.ts';

/** Defects that lose or repeat messages in edge cases. */
export const brokenKeeping: readonly BrokenBackend[] = [
  {
    name: 'remembers the messageId of a rejected publish',
    caughtBy: 'flow.refused-then-stored',
    harness: (memory) => {
      const ids = new Set<string>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          async publish(key, payload, options) {
            const id = options?.messageId === undefined ? undefined : `${namespace}/${key}/${options.messageId}`;
            if (id !== undefined && ids.has(id)) return;
            await backend.publish(key, payload, options).catch((error: unknown) => {
              if (id !== undefined) ids.add(id);
              throw error;
            });
          },
        }),
      )(memory);
    },
  },
  {
    name: 'trims unsettled messages with the surrounding history',
    caughtBy: 'flow.unsettled-survives-trimming',
    harness: (memory) => ({
      ...memory,
      create(options) {
        const backend = memory.create(options);
        const { maxLength } = options;
        if (maxLength === undefined) return backend;
        let published = 0;
        return wrapBackend(backend, {
          async publish(...message) {
            await backend.publish(...message);
            published += 1;
          },
          consume: consumeWith((consumed) => {
            const inner = backend.consume(consumed);
            return wrapSubscription(inner, {
              async next(): Promise<IteratorResult<QueueMessage, undefined>> {
                for (;;) {
                  const result = await inner.next();
                  if (result.done || result.value.metadata.retryCount === 0 || published <= maxLength) return result;
                  await result.value.ack();
                }
              },
            });
          }),
        });
      },
    }),
  },
  {
    name: 'treats nack as an ack after an abort',
    caughtBy: 'lifecycle.abort-then-settle',
    harness: overSubscriptions((inner, { signal }) =>
      mapMessages(inner, (message) =>
        wrapMessage(message, { nack: (options) => (signal?.aborted ? message.ack() : message.nack(options)) }),
      ),
    ),
  },
  {
    name: 'treats deadLetter as an ack after an abort',
    caughtBy: 'lifecycle.abort-then-settle',
    harness: overSubscriptions((inner, { signal }) =>
      mapMessages(inner, (message) =>
        wrapMessage(message, {
          deadLetter: (reason) => (signal?.aborted ? message.ack() : message.deadLetter(reason)),
        }),
      ),
    ),
  },
  {
    name: 'ends a subscription without its drain time',
    caughtBy: 'lifecycle.subscription-drain',
    harness: overSubscriptions((inner) =>
      wrapSubscription(inner, {
        close: () => inner.close({ drainTimeoutMs: 0 }),
      }),
    ),
  },
  {
    name: 'restarts an existing group for earliest',
    caughtBy: 'delivery.from-earliest-again',
    harness: (memory) => {
      const known = new Map<string, number>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          consume: consumeWith((options = {}) => {
            const { group, from, keys } = options;
            const inner = backend.consume(options);
            if (group === undefined || from !== 'earliest') return inner;
            const place = `${namespace}/${keys}/${group}`;
            const times = known.get(place) ?? 0;
            known.set(place, times + 1);
            if (times === 0) return inner;
            void inner.return();
            return backend.consume({ ...options, group: `${group}.${times}` });
          }),
        }),
      )(memory);
    },
  },
  {
    name: 'creates its groups only for the first key it publishes to',
    caughtBy: 'delivery.owed-groups',
    harness: (memory) => ({
      ...memory,
      create(options) {
        const backend = memory.create(options);
        const { groups: _, ...rest } = options;
        const others = memory.create(rest);
        let first: string | undefined;
        return wrapBackend(backend, {
          publish(key, ...message) {
            first ??= key;
            return (key === first ? backend : others).publish(key, ...message);
          },
          close: (drain) => Promise.all([backend.close(drain), others.close(drain)]).then(() => {}),
        });
      },
    }),
  },
  {
    name: 'is ready too early when it opens a group once more',
    caughtBy: 'delivery.ready-barrier-group',
    harness: overMemory((backend) => {
      let opened = 0;
      return wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          if (options.group === undefined || options.from !== 'latest' || options.signal?.aborted || opened++ === 0) {
            return backend.consume(options);
          }
          const idle = backend.consume({ keys: 'nothing' });
          const opening = new Promise<typeof idle>((resolve) => {
            setTimeout(() => resolve(backend.consume(options)), 20);
          });
          return wrapSubscription(idle, {
            next: async () => (await opening).next(),
            return: async () => (await opening).return(),
            close: async (drain) => (await opening).close(drain),
          });
        }),
      });
    }),
  },
  {
    name: 'deduplicates across all keys',
    caughtBy: 'contract.message-id-per-key',
    harness: (memory) => {
      const ids = new Map<string, string>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          async publish(key, payload, options) {
            const id = options?.messageId === undefined ? undefined : `${namespace}/${options.messageId}`;
            if (id !== undefined && (ids.get(id) ?? key) !== key) return;
            await backend.publish(key, payload, options);
            if (id !== undefined) ids.set(id, key);
          },
        }),
      )(memory);
    },
  },
];
