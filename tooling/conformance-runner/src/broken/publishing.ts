import { randomUUID } from 'node:crypto';
import { encodedPayload, payloadOf } from '@slack-mcp/core';
import { resolvePublish } from '@slack-mcp/core/backend';
import { consumeWith, mapMessages, wrapBackend, wrapMessage } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';

/** Defects of `publish` and of stored messages. */
export const brokenPublishing: readonly BrokenBackend[] = [
  {
    name: 'resolves publish before the broker has the message',
    caughtBy: 'contract.publish-confirmed',
    also: [
      'contract.closed',
      'contract.metadata',
      'dead-letter.redrive-group-only',
      'delivery.from-latest',
      'delivery.independent',
      'delivery.independent-leaves-nothing',
      'flow.full',
      'flow.refused-then-stored',
      'lifecycle.close-flushes',
      'lifecycle.drain',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async publish(key, payload, options) {
          const { messageId, text } = resolvePublish(key, payload, options, backend.capabilities);
          const copy = encodedPayload(text);
          setTimeout(() => void backend.publish(key, copy, { ...options, messageId }).catch(() => {}), 1);
        },
      }),
    ),
  },
  {
    name: 'stores NaN as null',
    caughtBy: 'payload.not-json',
    also: ['payload.encoded'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        publish: async (key, payload, options) => backend.publish(key, JSON.parse(JSON.stringify(payload)), options),
      }),
    ),
  },
  {
    name: 'serializes JSON text again',
    caughtBy: 'payload.encoded',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        publish: (key, payload, options) => backend.publish(key, payloadOf(payload), options),
      }),
    ),
  },
  {
    name: 'truncates large payloads',
    caughtBy: 'payload.too-large',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        publish: async (key, payload, options) => {
          const { text } = payload ?? {};
          const limit = backend.capabilities.maxPayloadBytes ?? Number.POSITIVE_INFINITY;
          const cut =
            typeof text === 'string' && text.length > limit / 2 ? { text: text.slice(0, limit / 4) } : payload;
          return backend.publish(key, cut, options);
        },
      }),
    ),
  },
  {
    name: 'replaces lone surrogates',
    caughtBy: 'payload.unicode',
    also: ['dead-letter.record', 'payload.not-json'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        publish: async (key, payload, options) => backend.publish(key, well(payload) as typeof payload, options),
      }),
    ),
  },
  {
    name: 'drops the headers',
    caughtBy: 'contract.publish-options',
    also: ['dead-letter.record', 'dead-letter.redrive', 'payload.headers'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async publish(key, payload, options = {}) {
          resolvePublish(key, payload, options, backend.capabilities);
          const { headers: _, ...rest } = options;
          await backend.publish(key, payload, rest);
        },
      }),
    ),
  },
  {
    name: 'lets a header forge the metadata',
    caughtBy: 'payload.headers',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async publish(key, payload, options = {}) {
          const entries = Object.entries(options.headers ?? {});
          const own = entries.filter(([name]) => !name.toLowerCase().startsWith('slack-mcp-'));
          const forged = options.headers?.['slack-mcp-message-id'];
          await backend.publish(key, payload, {
            ...options,
            headers: Object.fromEntries(own),
            ...(forged === undefined ? {} : { messageId: forged }),
          });
        },
      }),
    ),
  },
  {
    name: 'stores a messageId twice',
    caughtBy: 'contract.idempotent-publish',
    also: ['dead-letter.redrive-past-dedupe'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        async publish(key, payload, options = {}) {
          const { messageId } = resolvePublish(key, payload, options, backend.capabilities);
          await backend.publish(key, payload, { ...options, messageId: `${messageId}~${randomUUID()}` });
        },
        consume: consumeWith((options) =>
          mapMessages(backend.consume(options), (message) =>
            wrapMessage(message, { metadata: withoutSuffix(message.metadata) }),
          ),
        ),
        deadLetters(options) {
          const parked = backend.deadLetters(options);
          return {
            async list(page) {
              const { items, ...rest } = await parked.list(page);
              return { ...rest, items: items.map(withoutSuffix) };
            },
            redrive: (ids) => parked.redrive(ids),
            purge: (ids) => parked.purge(ids),
          };
        },
      }),
    ),
  },
  {
    name: 'continues after close()',
    caughtBy: 'contract.closed',
    harness: overMemory((backend) => {
      let closed = false;
      return wrapBackend(backend, {
        publish: async (key, payload, options) => (closed ? undefined : backend.publish(key, payload, options)),
        close(options) {
          closed = true;
          return backend.close(options);
        },
      });
    }),
  },
  {
    name: 'treats a pattern as a key',
    caughtBy: 'contract.patterns',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: ((options) => {
          const keys = options?.keys;
          return backend.consume(keys === 'slack.*' ? { ...options, keys: 'slack.star' } : options);
        }) as typeof backend.consume,
      }),
    ),
  },
  {
    name: 'drops the oldest when it is full',
    caughtBy: 'flow.full',
    also: ['flow.refused-then-stored'],
    harness: (memory) => ({
      ...memory,
      create: ({ maxBacklog: _, ...options }) => memory.create(options),
    }),
  },
  {
    name: 'trims undelivered messages of a group',
    caughtBy: 'flow.owed-survives-trimming',
    harness: (memory) => ({
      ...memory,
      // Without a group that needs them, the messages are history.
      create: ({ groups, ...options }) =>
        memory.create(options.maxLength === undefined ? { groups: groups ?? [], ...options } : options),
    }),
  },
  {
    name: 'keeps all history',
    caughtBy: 'flow.history-bounded',
    harness: (memory) => ({
      ...memory,
      create: ({ maxLength: _, ...options }) => memory.create(options),
    }),
  },
];

function withoutSuffix<T extends { readonly messageId: string }>(identified: T): T {
  return { ...identified, messageId: identified.messageId.split('~')[0] ?? '' };
}

function well(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.hasOwn(value, '__proto__')) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, well(member)]));
}
