import { randomUUID } from 'node:crypto';
import type { DeadLetters, QueueBackend } from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage } from '../wrap.ts';
import { type BrokenBackend, overMemory, overSubscriptions } from './broken-backend.ts';
import { leakingSlots } from './leaking-slots.ts';

/** Replaces methods of `deadLetters`. */
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

/** Defects of dead letters. */
export const brokenParking: readonly BrokenBackend[] = [
  {
    name: 'redrives to every group',
    caughtBy: 'dead-letter.redrive-group-only',
    also: ['dead-letter.all', 'dead-letter.redrive'],
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
    name: 'redrives by publishing, which its deduplication drops',
    caughtBy: 'dead-letter.redrive-past-dedupe',
    also: ['dead-letter.all', 'dead-letter.redrive', 'dead-letter.redrive-group-only'],
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
    also: ['delivery.settle-twice', 'retry.max-deliveries'],
    harness: overDeadLetters((parked) => ({
      async list(page) {
        const { items, ...rest } = await parked.list(page);
        return { ...rest, items: items.map((item) => ({ ...item, reason: {} })) };
      },
    })),
  },
  {
    name: 'always lists the first page',
    caughtBy: 'dead-letter.list',
    harness: overDeadLetters((parked) => ({
      list: ({ cursor: _, ...page } = {}) => parked.list(page),
    })),
  },
  {
    name: 'redrives all dead letters regardless of the ids',
    caughtBy: 'dead-letter.some',
    also: ['dead-letter.list-while-changing'],
    harness: overDeadLetters((parked) => ({ redrive: () => parked.redrive('all') })),
  },
  {
    name: 'redrives and purges only the first page of all',
    caughtBy: 'dead-letter.all',
    harness: overDeadLetters((parked) => {
      const chosen = async (ids: readonly string[] | 'all'): Promise<readonly string[]> =>
        ids === 'all' ? (await parked.list()).items.map(({ id }) => id) : ids;
      return {
        redrive: async (ids) => parked.redrive(await chosen(ids)),
        purge: async (ids) => parked.purge(await chosen(ids)),
      };
    }),
  },
  {
    name: 'uses a position as the cursor',
    caughtBy: 'dead-letter.list-while-changing',
    harness: overDeadLetters((parked) => ({
      async list({ limit = 100, cursor = '0' } = {}) {
        const { items } = await parked.list({ limit: 1000 });
        const end = Number(cursor) + limit;
        const page = items.slice(Number(cursor), end);
        return items.length > end ? { items: page, cursor: String(end) } : { items: page };
      },
    })),
  },
  {
    name: 'changes the timestamp on redrive',
    caughtBy: 'dead-letter.redrive',
    harness: overSubscriptions((inner) => {
      const parked = new Set<string>();
      return mapMessages(inner, (message) => {
        const { metadata } = message;
        const timestamp = parked.has(metadata.messageId) ? metadata.timestamp + 1 : metadata.timestamp;
        return wrapMessage(message, {
          metadata: { ...metadata, timestamp },
          deadLetter(reason) {
            parked.add(metadata.messageId);
            return message.deadLetter(reason);
          },
        });
      });
    }),
  },
  {
    name: 'does not free the slot of a parked message',
    caughtBy: 'dead-letter.list',
    also: ['dead-letter.all', 'dead-letter.some'],
    harness: overSubscriptions((inner, options) => leakingSlots(inner, options.prefetch, 'deadLetter')),
  },
];

function wrapDeadLetters(parked: DeadLetters): DeadLetters {
  return {
    list: (page) => parked.list(page),
    redrive: (ids) => parked.redrive(ids),
    purge: (ids) => parked.purge(ids),
  };
}
