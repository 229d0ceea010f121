import { LeaseLostError, type QueueMessage } from '@slack-mcp/core';
import { consumeWith, mapMessages, wrapBackend, wrapMessage, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory, overSubscriptions } from './broken-backend.ts';

type Next = Promise<IteratorResult<QueueMessage, undefined>>;

/** Defects of settlements. */
export const brokenSettling: readonly BrokenBackend[] = [
  {
    name: 'acks before it yields',
    caughtBy: 'delivery.ack-on-next',
    also: [
      'contract.message-id',
      'dead-letter.all',
      'dead-letter.list',
      'dead-letter.list-while-changing',
      'dead-letter.per-group',
      'dead-letter.record',
      'dead-letter.redrive',
      'dead-letter.redrive-group-only',
      'dead-letter.redrive-past-dedupe',
      'dead-letter.some',
      'delivery.break-redelivers',
      'delivery.from-earliest-again',
      'delivery.from-latest',
      'delivery.groups-independent',
      'delivery.independent-dead-letter',
      'delivery.independent-nack',
      'delivery.manual',
      'delivery.out-of-order-acks',
      'delivery.settle-twice',
      'delivery.throw-redelivers',
      'flow.prefetch',
      'flow.prefetch-buffer',
      'flow.prefetch-keys',
      'flow.saturated',
      'flow.unsettled-survives-trimming',
      'lifecycle.abort-releases',
      'lifecycle.abort-then-settle',
      'lifecycle.drain',
      'lifecycle.drain-timeout',
      'lifecycle.subscription-drain',
      'payload.copies',
      'retry.alone',
      'retry.count',
      'retry.count-handed-back',
      'retry.count-left-loop',
      'retry.count-shared',
      'retry.delay-outlives-consumer',
      'retry.max-deliveries',
      'retry.metadata',
      'retry.nack',
      'retry.nack-delay',
      'retry.poison',
      'retry.poison-same-key',
      'retry.shorter-delay',
    ],
    harness: overSubscriptions((inner) =>
      wrapSubscription(inner, {
        async next(): Next {
          const result = await inner.next();
          if (!result.done) await result.value.ack();
          return result;
        },
      }),
    ),
  },
  {
    name: 'acks on return()',
    caughtBy: 'delivery.break-redelivers',
    also: [
      'delivery.ack-on-next',
      'delivery.throw-redelivers',
      'retry.alone',
      'retry.count-left-loop',
      'retry.max-deliveries',
    ],
    harness: overSubscriptions((inner) => {
      let last: QueueMessage | undefined;
      return wrapSubscription(inner, {
        async next(): Next {
          const result = await inner.next();
          last = result.value;
          return result;
        },
        async return() {
          await last?.ack();
          return inner.return();
        },
      });
    }),
  },
  {
    name: 'acks on next() in manual mode',
    caughtBy: 'delivery.manual',
    also: [
      'delivery.groups-independent',
      'delivery.out-of-order-acks',
      'delivery.settle-twice',
      'flow.prefetch',
      'flow.prefetch-keys',
      'flow.saturated',
      'lifecycle.abort-then-settle',
      'lifecycle.drain',
      'retry.alone',
      'retry.count-handed-back',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) =>
          backend.consume(options?.ack === 'manual' ? { ...options, ack: 'on-next' } : options),
        ),
      }),
    ),
  },
  {
    name: 'acks everything before the message that is acked',
    caughtBy: 'delivery.out-of-order-acks',
    also: ['delivery.settle-twice'],
    harness: overSubscriptions((inner) => {
      const handedOut: QueueMessage[] = [];
      return mapMessages(inner, (message) => {
        handedOut.push(message);
        return wrapMessage(message, {
          async ack() {
            for (const earlier of handedOut.splice(0, handedOut.indexOf(message) + 1)) await earlier.ack();
          },
        });
      });
    }),
  },
  {
    name: 'throws when a message is acked twice',
    caughtBy: 'delivery.settle-twice',
    harness: overSubscriptions((inner) =>
      mapMessages(inner, (message) => {
        let acked = false;
        return wrapMessage(message, {
          async ack() {
            if (acked) throw new LeaseLostError('unknown delivery tag');
            acked = true;
            await message.ack();
          },
        });
      }),
    ),
  },
  {
    name: 'acks nothing in the loop',
    caughtBy: 'delivery.ack-on-next',
    also: [
      'contract.message-id',
      'delivery.from-earliest-again',
      'delivery.from-latest',
      'delivery.group-shares',
      'delivery.independent-misses-nothing',
      'delivery.members-come-and-go',
      'delivery.order',
      'flow.concurrent-publishes',
      'flow.full',
      'flow.history-bounded',
      'flow.owed-survives-trimming',
      'flow.prefetch',
      'flow.refused-then-stored',
      'lifecycle.abort-releases',
      'lifecycle.subscriptions',
      'retry.poison',
    ],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) =>
          backend.consume(options?.ack === undefined ? { ...options, ack: 'manual' } : options),
        ),
      }),
    ),
  },
  {
    name: 'delays explicit acks until the next message is requested',
    caughtBy: 'delivery.ack-then-break',
    also: [
      'delivery.manual',
      'delivery.members-come-and-go',
      'delivery.out-of-order-acks',
      'delivery.settle-twice',
      'flow.saturated',
      'lifecycle.drain',
      'lifecycle.drain-timeout',
      'lifecycle.subscription-drain',
      'lifecycle.subscriptions',
      'lifecycle.two-iterators',
      'payload.numbers',
      'payload.structure',
      'retry.alone',
      'retry.order-across-release',
    ],
    harness: overSubscriptions((inner) => {
      let acked: QueueMessage | undefined;
      return wrapSubscription(inner, {
        async next(): Next {
          await acked?.ack();
          acked = undefined;
          const result = await inner.next();
          if (result.done) return result;
          const message = result.value;
          const ack = async (): Promise<void> => {
            acked = message;
          };
          return { done: false, value: wrapMessage(message, { ack }) };
        },
      });
    }),
  },
  {
    name: 'forgets the retryCount',
    caughtBy: 'retry.count',
    also: [
      'contract.message-id',
      'dead-letter.record',
      'delivery.ack-on-next',
      'delivery.independent-nack',
      'delivery.manual',
      'delivery.throw-redelivers',
      'lifecycle.abort-then-settle',
      'retry.count-shared',
    ],
    harness: overSubscriptions((inner) =>
      mapMessages(inner, (message) => wrapMessage(message, { metadata: { ...message.metadata, retryCount: 0 } })),
    ),
  },
  {
    name: 'retries at once, regardless of the delay',
    caughtBy: 'retry.nack-delay',
    also: ['retry.nack-frees-prefetch', 'retry.shorter-delay'],
    harness: overSubscriptions((inner) =>
      mapMessages(inner, (message) => wrapMessage(message, { nack: () => message.nack() })),
    ),
  },
  {
    name: 'does not free the slot of a message that waits for its retry',
    caughtBy: 'retry.nack-frees-prefetch',
    also: ['retry.poison'],
    harness: overSubscriptions((inner) =>
      mapMessages(inner, (message) =>
        wrapMessage(message, {
          async nack({ delayMs = 0 } = {}) {
            if (delayMs === 0) return message.nack();
            setTimeout(() => void message.nack().catch(() => {}), delayMs).unref();
          },
        }),
      ),
    ),
  },
  {
    name: 'treats deadLetter as an ack without a group',
    caughtBy: 'delivery.independent-dead-letter',
    harness: overSubscriptions((inner, { group }) =>
      group !== undefined
        ? inner
        : mapMessages(inner, (message) => wrapMessage(message, { deadLetter: () => message.ack() })),
    ),
  },
];
