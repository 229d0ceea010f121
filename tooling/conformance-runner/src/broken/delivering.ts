import { randomUUID } from 'node:crypto';
import { setTimeout as elapse } from 'node:timers/promises';
import {
  assertGroup,
  type ConsumeOptions,
  payloadOf,
  type QueueBackend,
  type QueueMessage,
  type QueuePayload,
  type Subscription,
} from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';
import { swapped } from './swapped.ts';

/** Properties that fail if an independent consumer misses messages. */
const missed: readonly string[] = [
  'contract.metadata',
  'contract.publish-options',
  'dead-letter.redrive-group-only',
  'delivery.independent',
  'delivery.independent-beside-groups',
  'delivery.independent-dead-letter',
  'delivery.independent-leaves-nothing',
  'delivery.independent-misses-nothing',
  'delivery.independent-nack',
  'delivery.ready-barrier',
  'flow.saturated',
  'lifecycle.cycles',
  'lifecycle.health-changes-nothing',
  'payload.copies',
  'payload.large',
  'payload.numbers',
  'payload.structure',
  'payload.unicode',
];

/** Defects of delivery. */
export const brokenDelivering: readonly BrokenBackend[] = [
  {
    name: 'loses messages published between two reads',
    caughtBy: 'delivery.independent-misses-nothing',
    also: [...missed, 'retry.alone'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const inner = backend.consume(options);
          return options.group === undefined ? onlyWhatComesDuringARead(inner) : inner;
        }),
      }),
    ),
  },
  {
    name: 'is ready before it receives messages',
    caughtBy: 'delivery.ready-barrier',
    also: [...missed, 'retry.alone'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          if (options.group !== undefined) return backend.consume(options);
          // Invalid options are still rejected.
          void backend.consume(options).return();
          return openedLate(() => backend.consume(options), backend.consume({ keys: 'nothing' }));
        }),
      }),
    ),
  },
  {
    name: 'delivers to two members of a group at once',
    caughtBy: 'delivery.group-shares',
    also: [
      'delivery.members-come-and-go',
      'flow.prefetch',
      'flow.prefetch-buffer',
      'flow.prefetch-keys',
      'lifecycle.abort-releases',
      'lifecycle.abort-then-settle',
      'lifecycle.abort-while-processing',
      'lifecycle.drain',
      'lifecycle.subscription-drain',
    ],
    harness: (memory) => {
      const members = new Set<string>();
      return overMemory((backend, namespace) => {
        const places: string[] = [];
        const leave = (place: string | undefined): void => void (place && members.delete(place));
        return wrapBackend(backend, {
          consume: consumeWith((options = {}) => {
            const { group } = options;
            const place = `${namespace}/${group}/${options.keys}`;
            if (group === undefined || options.signal?.aborted) return backend.consume(options);
            if (members.has(place)) return backend.consume({ ...options, group: `${group}.${members.size}` });
            const inner = backend.consume(options);
            members.add(place);
            places.push(place);
            return wrapSubscription(inner, {
              return: () => inner.return().finally(() => leave(place)),
              close: (drain) => inner.close(drain).finally(() => leave(place)),
            });
          }),
          close: (options) => backend.close(options).finally(() => places.forEach(leave)),
        });
      })(memory);
    },
  },
  {
    name: 'shares one queue between all groups',
    caughtBy: 'delivery.groups-independent',
    also: [
      'contract.message-id',
      'dead-letter.per-group',
      'dead-letter.record',
      'dead-letter.redrive-group-only',
      'delivery.ack-on-next',
      'delivery.from-earliest',
      'delivery.owed-groups',
      'delivery.ready-barrier-group',
      'flow.full',
      'flow.history-bounded',
      'flow.owed-survives-trimming',
      'flow.refused-then-stored',
      'lifecycle.abort-releases',
      'lifecycle.cycles',
      'lifecycle.two-iterators',
      'payload.copies',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const { group } = options;
          if (group === undefined) return backend.consume(options);
          assertGroup(group);
          const inner = backend.consume({ ...options, group: 'all' });
          return mapMessages(inner, (message) => wrapMessage(message, { metadata: { ...message.metadata, group } }));
        }),
        deadLetters: (options) => backend.deadLetters({ ...options, group: 'all' }),
      }),
    ),
  },
  {
    name: 'ignores QUEUE_GROUPS',
    caughtBy: 'delivery.owed-groups',
    also: ['contract.publish-confirmed', 'flow.full', 'flow.owed-survives-trimming', 'flow.refused-then-stored'],
    harness: (memory) => ({
      ...memory,
      create: ({ groups: _, ...options }) => memory.create(options),
      Backend: {
        fromEnv(env, options) {
          memory.Backend.fromEnv(env, options);
          return memory.Backend.fromEnv({ ...env, QUEUE_GROUPS: '' }, options);
        },
      },
    }),
  },
  {
    name: 'reads a key that was not requested',
    caughtBy: 'delivery.keys',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) =>
          backend.consume(
            Array.isArray(options.keys) && options.keys.length > 1
              ? { ...options, keys: [...options.keys, 'two'] }
              : options,
          ),
        ),
      }),
    ),
  },
  {
    name: 'swaps every two messages',
    caughtBy: 'delivery.order',
    also: [
      'contract.publish-options',
      'dead-letter.record',
      'dead-letter.redrive',
      'retry.metadata',
      'retry.order-across-release',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, { consume: consumeWith((options) => swapped(backend.consume(options))) }),
    ),
  },
  {
    name: 'shares the payload between publisher and consumers',
    caughtBy: 'payload.copies',
    also: ['contract.message-id-per-key', 'payload.numbers'],
    harness: (memory) => {
      const payloads = new Map<string, QueuePayload>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          async publish(key, payload, options) {
            const messageId = options?.messageId ?? randomUUID();
            await backend.publish(key, payload, { ...options, messageId });
            payloads.set(`${namespace}/${messageId}`, payloadOf(payload));
          },
          consume: consumeWith((options) =>
            mapMessages(backend.consume(options), (message) =>
              wrapMessage(message, {
                payload: payloads.get(`${namespace}/${message.metadata.messageId}`) ?? message.payload,
              }),
            ),
          ),
        }),
      )(memory);
    },
  },
  {
    name: 'drops messages published before a group exists',
    caughtBy: 'delivery.without-group',
    also: ['delivery.from-earliest', 'delivery.from-earliest-again'],
    harness: (memory) => ({ ...memory, create: (options) => memory.create({ maxLength: 0, ...options }) }),
  },
  {
    name: 'keeps the position of an independent consumer',
    caughtBy: 'delivery.independent-leaves-nothing',
    also: ['delivery.independent-dead-letter'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          if (options.group !== undefined) return backend.consume(options);
          const asGroup: ConsumeOptions = { from: 'latest', ...options, group: `anonymous-${randomUUID()}` };
          return mapMessages(backend.consume(asGroup), (message) => {
            const { group: _, ...metadata } = message.metadata;
            return wrapMessage(message, { metadata });
          });
        }),
      }),
    ),
  },
  {
    name: 'redelivers messages nacked by an independent consumer to all',
    caughtBy: 'delivery.independent-nack',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const inner = backend.consume(options);
          return options.group === undefined ? mapMessages(inner, (message) => republished(backend, message)) : inner;
        }),
      }),
    ),
  },
];

/** A consumer that reads from the current end each time. */
function onlyWhatComesDuringARead(inner: Subscription): Subscription {
  let waiting: ((result: IteratorResult<QueueMessage, undefined>) => void) | undefined;
  let ended = false;
  void (async () => {
    for (;;) {
      const result = await inner.next();
      if (result.done) ended = true;
      waiting?.(result);
      waiting = undefined;
      if (result.done) return;
    }
  })();
  return wrapSubscription(inner, {
    next: () =>
      ended
        ? inner.next()
        : new Promise((resolve) => {
            waiting = resolve;
          }),
  });
}

/** A subscription that reports ready before it is opened. */
function openedLate(open: () => Subscription, idle: Subscription): Subscription {
  const opening = elapse(5).then(open);
  opening.catch(() => {});
  const opened = (): Promise<Subscription> => opening.catch(() => idle);
  return wrapSubscription(idle, {
    ready: Promise.resolve(),
    next: async () => (await opened()).next(),
    return: async () => (await opened()).return(),
    close: async (drain) => (await opened()).close(drain),
  });
}

/** A message that `nack` publishes again. */
function republished(backend: QueueBackend, message: QueueMessage): QueueMessage {
  return wrapMessage(message, {
    async nack() {
      await message.ack();
      await backend.publish(message.metadata.key, message.payload);
    },
  });
}
