import {
  ConnectionError,
  type ConsumeOptions,
  type QueueBackend,
  type QueueMessage,
  QueueTimeoutError,
  type Subscription,
} from '@slack-mcp/core';
import { ReferenceBackend } from '../reference/reference-backend.ts';
import { consumeWith, wrapBackend, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overMemory, overReference } from './broken-backend.ts';

/** Defects of settlements that the broker does not accept at once, and of limits that readers share. */
export const brokenForgetting: readonly BrokenBackend[] = [
  {
    name: 'forgets a settlement that the broker refused',
    caughtBy: 'network.settle-refused',
    harness: overReference(
      class extends ReferenceBackend {
        protected override async settle(how: () => Promise<void>): Promise<void> {
          if (!this.link.accepting) throw new ConnectionError('the broker takes no writes');
          await super.settle(how);
        }
      },
    ),
  },
  {
    name: 'does not report settlements that the broker refused',
    caughtBy: 'network.settle-refused',
    harness: overReference(
      class extends ReferenceBackend {
        override health(): ReturnType<QueueBackend['health']> {
          return this.broker.health();
        }
      },
    ),
    also: [
      'network.absent-at-start',
      'network.dead-letter-fails',
      'network.health',
      'network.leave-during-outage',
      'network.publish-waits',
      'network.settle-implicit',
    ],
  },
  {
    name: 'forgets a settlement that the broker did not answer',
    caughtBy: 'network.settle-unanswered',
    also: ['network.dead-letter-fails'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override async settle(how: () => Promise<void>): Promise<void> {
          if (!this.link.up) throw new QueueTimeoutError('the broker does not answer');
          await super.settle(how);
        }
      },
    ),
  },
  {
    name: 'forgets the acks of a loop during an outage',
    caughtBy: 'network.settle-implicit',
    also: ['lifecycle.subscriptions'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override subscribe(options: ConsumeOptions): Subscription {
          if ((options.ack ?? 'on-next') !== 'on-next') return super.subscribe(options);
          const inner = super.subscribe({ ...options, ack: 'manual' });
          const { link } = this;
          let last: QueueMessage | undefined;
          return wrapSubscription(inner, {
            async next() {
              const message = last;
              last = undefined;
              if (link.up) await message?.ack().catch(() => {});
              const result = await inner.next();
              last = result.value;
              return result;
            },
          });
        }
      },
    ),
  },
  {
    name: 'keeps the messages of a consumer that ended during an outage',
    caughtBy: 'network.leave-during-outage',
    harness: overReference(
      class extends ReferenceBackend {
        protected override subscribe(options: ConsumeOptions): Subscription {
          const inner = super.subscribe(options);
          const { link } = this;
          return wrapSubscription(inner, { close: async (drain) => (link.up ? inner.close(drain) : undefined) });
        }
      },
    ),
  },
  {
    name: 'applies prefetch to each key separately',
    caughtBy: 'flow.prefetch-keys',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) => {
          const { keys } = options;
          if (typeof keys === 'string' || keys === undefined || keys.length < 3) return backend.consume(options);
          return merged(keys.map((key) => backend.consume({ ...options, keys: key })));
        }),
      }),
    ),
  },
  {
    name: 'delivers other messages beside one that killed two consumers',
    caughtBy: 'retry.alone',
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options = {}) =>
          options.prefetch === 4
            ? merged([backend.consume(options), backend.consume(options)])
            : backend.consume(options),
        ),
      }),
    ),
  },
  {
    name: 'counts leaving a loop as a failure',
    caughtBy: 'retry.count-left-loop',
    also: ['retry.alone', 'retry.max-deliveries'],
    harness: overMemory((backend) => overLeft(backend, (message) => message.nack())),
  },
  {
    name: 'does not count the delivery when a loop is left',
    caughtBy: 'retry.max-deliveries',
    also: ['delivery.ack-on-next', 'delivery.throw-redelivers', 'retry.alone', 'retry.count-left-loop'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          return wrapSubscription(inner, {
            async return() {
              await inner.close({ drainTimeoutMs: 0 });
              return { done: true, value: undefined };
            },
          });
        }),
      }),
    ),
  },
  {
    name: 'counts messages returned on close as delivered',
    caughtBy: 'retry.count-handed-back',
    also: ['lifecycle.drain', 'lifecycle.subscription-drain', 'lifecycle.abort-then-settle'],
    harness: overMemory((backend) =>
      wrapBackend(backend, {
        consume: consumeWith((options) => {
          const inner = backend.consume(options);
          return wrapSubscription(inner, { close: async () => void (await inner.return()) });
        }),
      }),
    ),
  },
];

/** Passes the message in flight to `leave` when a loop is left. */
function overLeft(backend: QueueBackend, leave: (message: QueueMessage) => Promise<void>): QueueBackend {
  return wrapBackend(backend, {
    consume: consumeWith((options) => {
      const inner = backend.consume(options);
      let last: QueueMessage | undefined;
      return wrapSubscription(inner, {
        async next() {
          const result = await inner.next();
          last = result.value;
          return result;
        },
        async return() {
          if (last !== undefined) await leave(last);
          return inner.return();
        },
      });
    }),
  });
}

/** Merges several subscriptions: returns the next message of any of them. */
function merged(inner: readonly Subscription[]): Subscription {
  const pending = new Map<Subscription, ReturnType<Subscription['next']>>();
  const first = inner[0] as Subscription;
  const ready = Promise.all(inner.map((one) => one.ready)).then(() => {});
  ready.catch(() => {});
  return wrapSubscription(first, {
    ready,
    async next() {
      for (const one of inner) if (!pending.has(one)) pending.set(one, one.next());
      const [one, result] = await Promise.race(
        [...pending].map(async ([subscription, next]) => [subscription, await next] as const),
      );
      pending.delete(one);
      return result;
    },
    async return() {
      await Promise.all(inner.map((one) => one.return()));
      return { done: true, value: undefined };
    },
    close: async (drain) => void (await Promise.all(inner.map((one) => one.close(drain)))),
  });
}
