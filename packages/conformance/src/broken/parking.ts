import { randomUUID } from 'node:crypto';
import type { DeadLetters, QueueBackend } from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage } from '../wrap.ts';
import { type BrokenBackend, overMemory } from './broken-backend.ts';

/** Replaces what `deadLetters` gives. */
function overDeadLetters(
  breakIt: (parked: DeadLetters, backend: QueueBackend) => Partial<DeadLetters>,
): BrokenBackend['harness'] {
  return overMemory((backend) =>
    wrapBackend(backend, {
      deadLetters(options) {
        const parked = backend.deadLetters(options);
        return {
          list: (page) => parked.list(page),
          redrive: (ids) => parked.redrive(ids),
          purge: (ids) => parked.purge(ids),
          ...breakIt(parked, backend),
        };
      },
    }),
  );
}

/** Mistakes about dead letters. */
export const brokenParking: readonly BrokenBackend[] = [
  {
    name: 'redrives to every group',
    caughtBy: 'dead-letter.redrive-group-only',
    also: ['dead-letter.redrive'],
    harness: overDeadLetters((parked, backend) => ({
      async redrive(ids) {
        const { items } = await parked.list();
        const chosen = items.filter((item) => ids === 'all' || ids.includes(item.id));
        for (const { key, payload, headers, orderingKey, id } of chosen) {
          await backend.publish(key, payload ?? {}, {
            headers: { ...headers },
            ...(orderingKey === undefined ? {} : { orderingKey }),
          });
          await parked.purge([id]);
        }
        return chosen.length;
      },
    })),
  },
  {
    name: 'publishes to redrive, and its own deduplication holds it back',
    caughtBy: 'dead-letter.redrive-past-dedupe',
    also: ['dead-letter.redrive', 'dead-letter.redrive-group-only'],
    harness: overDeadLetters((parked, backend) => ({
      async redrive(ids) {
        const { items } = await parked.list();
        const chosen = items.filter((item) => ids === 'all' || ids.includes(item.id));
        for (const { key, payload, messageId, id } of chosen) {
          await backend.publish(key, payload ?? {}, { messageId });
          await parked.purge([id]);
        }
        return chosen.length;
      },
    })),
  },
  {
    name: 'gives a redriven message a new messageId',
    caughtBy: 'dead-letter.redrive',
    harness: (memory) => {
      const redriven = new Set<string>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          deadLetters(options) {
            const parked = backend.deadLetters(options);
            return {
              list: (page) => parked.list(page),
              purge: (ids) => parked.purge(ids),
              async redrive(ids) {
                for (const item of (await parked.list()).items) redriven.add(`${namespace}/${item.messageId}`);
                return parked.redrive(ids);
              },
            };
          },
          consume: consumeWith((options) =>
            mapMessages(backend.consume(options), (message) =>
              redriven.has(`${namespace}/${message.metadata.messageId}`)
                ? wrapMessage(message, { metadata: { ...message.metadata, messageId: randomUUID() } })
                : message,
            ),
          ),
        }),
      )(memory);
    },
  },
  {
    name: 'parks for all groups at once',
    caughtBy: 'dead-letter.per-group',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        deadLetters(options) {
          const parked = backend.deadLetters(options);
          return {
            ...wrapDeadLetters(parked),
            async list(page) {
              const own = await parked.list(page);
              const group = options.group === 'others' ? 'workers' : 'others';
              const theirs = await backend.deadLetters({ ...options, group }).list(page);
              return own.items.length > 0 ? own : theirs;
            },
          };
        },
      }),
    ),
  },
  {
    name: 'forgets why a message was parked',
    caughtBy: 'dead-letter.record',
    also: ['delivery.settle-twice'],
    harness: overDeadLetters((parked) => ({
      async list(page) {
        const { items, ...rest } = await parked.list(page);
        return { ...rest, items: items.map((item) => ({ ...item, reason: {} })) };
      },
    })),
  },
  {
    name: 'lists the first page again and again',
    caughtBy: 'dead-letter.list',
    harness: overDeadLetters((parked) => ({
      list: ({ cursor: _, ...page } = {}) => parked.list(page),
    })),
  },
  {
    name: 'redrives all whatever the ids',
    caughtBy: 'dead-letter.some',
    harness: overDeadLetters((parked) => ({ redrive: () => parked.redrive('all') })),
  },
];

function wrapDeadLetters(parked: DeadLetters): DeadLetters {
  return {
    list: (page) => parked.list(page),
    redrive: (ids) => parked.redrive(ids),
    purge: (ids) => parked.purge(ids),
  };
}
