import type { QueueMessage } from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory, overSubscriptions } from './broken-backend.ts';
import { leakingSlots } from './leaking-slots.ts';

/** Changes the metadata of redelivered messages. */
function onRedelivery(
  change: (metadata: QueueMessage['metadata']) => QueueMessage['metadata'],
): BrokenBackend['harness'] {
  return overSubscriptions((inner) =>
    mapMessages(inner, (message) =>
      message.metadata.retryCount === 0 ? message : wrapMessage(message, { metadata: change(message.metadata) }),
    ),
  );
}

/** Defects of redelivery. */
export const brokenRedelivering: readonly BrokenBackend[] = [
  {
    name: 'loses messages that wait for a retry when their consumer ends',
    caughtBy: 'retry.delay-outlives-consumer',
    also: ['retry.poison'],
    harness: overMemory((backend) => {
      const waiting = new Set<QueueMessage>();
      const lose = async (): Promise<void> => {
        const lost = [...waiting];
        waiting.clear();
        await Promise.allSettled(lost.map((message) => message.ack()));
      };
      return wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          const mapped = mapMessages(inner, (message) =>
            wrapMessage(message, {
              async nack({ delayMs = 0 } = {}) {
                // A long delay is left to the backend, so that it frees its slot.
                if (delayMs === 0 || delayMs > 10_000) return message.nack({ delayMs });
                waiting.add(message);
                const retry = (): void => {
                  if (waiting.delete(message)) void message.nack().catch(() => {});
                };
                setTimeout(retry, delayMs).unref();
              },
            }),
          );
          return wrapSubscription(mapped, {
            return: () => lose().then(() => inner.return()),
            close: (drain) => lose().then(() => inner.close(drain)),
          });
        }),
        close: (options) => lose().then(() => backend.close(options)),
      });
    }),
  },
  {
    name: 'loses the headers of redelivered messages',
    caughtBy: 'retry.metadata',
    harness: onRedelivery((metadata) => ({ ...metadata, headers: {} })),
  },
  {
    name: 'changes the timestamp on redelivery',
    caughtBy: 'retry.metadata',
    also: ['dead-letter.record'],
    harness: onRedelivery((metadata) => ({ ...metadata, timestamp: metadata.timestamp + 1 })),
  },
  {
    name: 'loses the ordering key of redelivered messages',
    caughtBy: 'retry.metadata',
    harness: onRedelivery(({ orderingKey: _, ...metadata }) => metadata),
  },
  {
    name: 'keeps delays in the order in which they began',
    caughtBy: 'retry.shorter-delay',
    harness: overSubscriptions((inner) => {
      let longest = 0;
      return mapMessages(inner, (message) =>
        wrapMessage(message, {
          nack({ delayMs = 0 } = {}) {
            const now = performance.now();
            if (delayMs > 0) longest = Math.max(longest, now + delayMs);
            return message.nack({ delayMs: delayMs === 0 ? 0 : longest - now });
          },
        }),
      );
    }),
  },
  {
    name: 'moves buffered messages to the end when a consumer ends',
    caughtBy: 'retry.order-across-release',
    also: ['retry.metadata'],
    harness: (memory) => {
      const ended = new Set<string>();
      return overMemory((backend, namespace) =>
        wrapBackend(backend, {
          consume: consumeWith((options = {}) => {
            const inner = backend.consume(options);
            const place = `${namespace}/${options.group}`;
            const kept: Promise<IteratorResult<QueueMessage, undefined>>[] = [];
            let late = ended.has(place);
            return wrapSubscription(inner, {
              async next() {
                const first = await (kept.shift() ?? inner.next());
                if (!late || first.done || first.value.metadata.orderingKey === undefined) return first;
                late = false;
                const second = await inner.next();
                kept.push(Promise.resolve(first));
                return second;
              },
              close: (drain) => {
                ended.add(place);
                return inner.close(drain);
              },
            });
          }),
        }),
      )(memory);
    },
  },
  {
    name: 'counts deliveries by instance',
    caughtBy: 'retry.count-shared',
    harness: overMemory((backend) => {
      const seen = new Set<string>();
      return wrapBackend(backend, {
        consume: consumeWith((options = {}) =>
          mapMessages(backend.consume(options), (message) => {
            const delivery = `${options.group}/${message.metadata.messageId}`;
            if (seen.has(delivery)) return message;
            seen.add(delivery);
            return wrapMessage(message, { metadata: { ...message.metadata, retryCount: 0 } });
          }),
        ),
      });
    }),
  },
  {
    name: 'waits for a failed message before it continues',
    caughtBy: 'retry.poison-same-key',
    also: ['retry.poison'],
    harness: overSubscriptions((inner) => {
      let failed: string | undefined;
      const behind: IteratorResult<QueueMessage, undefined>[] = [];
      const mapped = mapMessages(inner, (message) =>
        wrapMessage(message, {
          async nack({ delayMs = 0 } = {}) {
            if (delayMs > 0 && delayMs < 100) failed = message.metadata.messageId;
            await message.nack({ delayMs });
          },
        }),
      );
      return wrapSubscription(mapped, {
        async next() {
          if (failed === undefined) return behind.shift() ?? mapped.next();
          for (;;) {
            const result = await mapped.next();
            if (!result.done && result.value.metadata.messageId !== failed) {
              behind.push(result);
              continue;
            }
            failed = undefined;
            return result;
          }
        },
      });
    }),
  },
  {
    name: 'does not free the slot of a nacked message',
    caughtBy: 'retry.nack',
    harness: overSubscriptions((inner, options) => leakingSlots(inner, options.prefetch, 'nack')),
  },
];
