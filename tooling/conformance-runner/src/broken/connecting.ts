import { randomUUID } from 'node:crypto';
import {
  ConnectionError,
  type ConsumeOptions,
  isQueueError,
  type PublishOptions,
  type QueueMessage,
  type QueuePayload,
  SerializationError,
  type Subscription,
} from '@slack-mcp/core';
import { type Connection, Link } from '../reference/link.ts';
import { ReferenceBackend, type ReferenceOptions } from '../reference/reference-backend.ts';
import { referenceHarness } from '../reference/reference-harness.ts';
import { consumeWith, mapMessages, wrapBackend, wrapMessage, wrapSubscription } from '../wrap.ts';
import { type BrokenBackend, overReference } from './broken-backend.ts';

/** Defects that appear when the network fails or when the broker has foreign bytes. */
export const brokenConnecting: readonly BrokenBackend[] = [
  {
    name: 'confirms messages before the broker has stored them',
    caughtBy: 'crash.broker-sigkill',
    also: ['crash.broker-restart'],
    harness: overReference(
      class extends ReferenceBackend {
        override async publish(key: string, payload: QueuePayload, options?: PublishOptions): Promise<void> {
          if (options?.messageId?.startsWith('m') !== true) return super.publish(key, payload, options);
          const { outages } = this.link;
          setTimeout(() => {
            if (this.link.outages === outages) void super.publish(key, payload, options).catch(() => {});
          }, 20);
        }
      },
    ),
  },
  {
    name: 'declares network scope but works in one process only',
    caughtBy: 'crash.sigkill-consumer',
    also: ['crash.buffered', 'crash.count', 'crash.poison', 'crash.resume'],
    harness: (memory) => ({
      ...referenceHarness(memory),
      spawnConsumer: {
        module: new URL('../../../../packages/backend-memory/src/index.ts', import.meta.url).href,
        execArgv: ['--conditions=@slack-mcp/source'],
      },
    }),
  },
  {
    name: 'waits for the broker forever',
    caughtBy: 'network.publish-times-out',
    also: ['network.absent-at-start', 'network.publish-waits'],
    harness: overReference(
      class extends ReferenceBackend {
        override publish(key: string, payload: QueuePayload, options?: PublishOptions): Promise<void> {
          const patient = options?.timeoutMs === 100 ? { ...options, timeoutMs: 2 ** 30 } : options;
          return super.publish(key, payload, patient);
        }
      },
    ),
  },
  {
    name: 'fails at once while the broker is away',
    caughtBy: 'network.publish-waits',
    also: ['network.publish-order-ambiguous', 'network.absent-at-start'],
    harness: overReference(
      class extends ReferenceBackend {
        override publish(key: string, payload: QueuePayload, options?: PublishOptions): Promise<void> {
          if (!this.link.up) return Promise.reject(new ConnectionError('the broker is away'));
          return super.publish(key, payload, options);
        }
      },
    ),
  },
  {
    name: 'confirms without an answer of the broker',
    caughtBy: 'network.publish-ambiguous',
    also: ['network.publish-bounded'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override async answered(): Promise<boolean> {
          return true;
        }
      },
    ),
  },
  {
    name: 'falls silent when its connection is closed',
    caughtBy: 'network.connections-closed',
    also: ['network.late-read'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override subscribe(options: ConsumeOptions): Subscription {
          const inner = super.subscribe(options);
          let first: Connection | undefined;
          const backend = this;
          return wrapSubscription(inner, {
            async next() {
              const result = await inner.next();
              first ??= backend.connection;
              return result.done || first?.open !== false ? result : new Promise(() => {});
            },
          });
        }
      },
    ),
  },
  {
    name: 'opens a second connection each time one is closed',
    caughtBy: 'network.connections-closed',
    harness: overReference(
      class extends ReferenceBackend {
        protected override async reach(signal?: AbortSignal): Promise<boolean> {
          const before = this.connection;
          const reached = await super.reach(signal);
          if (before !== undefined && before !== this.connection) this.link.connect(this.namespace);
          return reached;
        }
      },
    ),
  },
  {
    name: 'keeps its connections when it is closed',
    caughtBy: 'lifecycle.cycles',
    harness: overReference(
      class extends ReferenceBackend {
        protected override disconnect(): void {}
      },
    ),
  },
  {
    name: 'connects when it is constructed',
    caughtBy: 'contract.lazy',
    also: ['lifecycle.aborted-before'],
    harness: overReference(
      class extends ReferenceBackend {
        constructor(options: ReferenceOptions) {
          super(options);
          this.connection = this.link.connect(this.namespace);
        }
      },
    ),
  },
  {
    name: 'drops what it cannot decode',
    caughtBy: 'dead-letter.undecodable',
    harness: overReference(
      class extends ReferenceBackend {
        protected override async park(message: QueueMessage, reason: { code?: string }): Promise<void> {
          await (reason.code === 'UNDECODABLE' ? message.ack() : super.park(message, reason));
        }
      },
    ),
  },
  {
    name: 'ends when it cannot decode',
    caughtBy: 'dead-letter.undecodable-independent',
    harness: overReference(
      class extends ReferenceBackend {
        protected override skip(): Promise<void> {
          return Promise.reject(new SerializationError('unexpected token'));
        }
      },
    ),
  },
  {
    name: 'waits on a connection that has gone silent',
    caughtBy: 'network.half-open',
    also: ['network.lease-lost'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override reach(signal?: AbortSignal): Promise<boolean> {
          if (this.link.wasSilenced(this.connection)) return this.link.until(() => false, signal);
          return super.reach(signal);
        }
      },
    ),
  },
  {
    name: 'stores what the network held back beside what it sent instead',
    caughtBy: 'network.late-publish',
    harness: overReference(
      class extends ReferenceBackend {
        override async publish(key: string, payload: QueuePayload, options?: PublishOptions): Promise<void> {
          if (this.connection?.open && this.connection.stalled !== undefined) {
            void this.link
              .until(() => !this.link.stalling)
              .then(() => super.publish(key, payload, { ...options, messageId: randomUUID() }));
          }
          return super.publish(key, payload, options);
        }
      },
    ),
  },
  {
    name: 'forgets what it was sent on a connection that it gave up',
    caughtBy: 'network.late-read',
    harness: overReference(
      class extends ReferenceBackend {
        protected override async reclaim(): Promise<void> {}
      },
    ),
  },
  {
    name: 'retries wrong credentials forever',
    caughtBy: 'network.credentials',
    harness(memory) {
      const harness = referenceHarness(memory);
      return {
        ...harness,
        create({ credentials, ...options }) {
          if (credentials === undefined) return harness.create(options);
          const link = new Link();
          void link.cut();
          const { namespace } = options;
          return new ReferenceBackend({ broker: memory.create(options), link, namespace, leaseMs: 30_000 });
        },
      };
    },
  },
  {
    name: 'lets the lease of a slow handler run out',
    caughtBy: 'network.lease-kept',
    also: ['network.lease-lost'],
    harness(memory) {
      const harness = referenceHarness(memory);
      return {
        ...harness,
        create(options) {
          const backend = harness.create(options);
          const { leaseMs } = options;
          if (leaseMs === undefined) return backend;
          return wrapBackend(backend, {
            consume: consumeWith((consumed) =>
              mapMessages(backend.consume(consumed), (message) => {
                setTimeout(() => void message.nack().catch(() => {}), leaseMs).unref();
                return message;
              }),
            ),
          });
        },
      };
    },
  },
  {
    name: 'hides that an acked message belongs to another consumer',
    caughtBy: 'network.lease-lost',
    also: ['lifecycle.drain-timeout'],
    harness(memory) {
      const harness = referenceHarness(memory);
      const silence = (error: unknown): void => {
        if (!isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) throw error;
      };
      return {
        ...harness,
        create(options) {
          const backend = harness.create(options);
          return wrapBackend(backend, {
            consume: consumeWith((consumed) =>
              mapMessages(backend.consume(consumed), (message) =>
                wrapMessage(message, { ack: () => message.ack().catch(silence) }),
              ),
            ),
          });
        },
      };
    },
  },
];
