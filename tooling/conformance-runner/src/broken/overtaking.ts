import { setTimeout as elapse } from 'node:timers/promises';
import { ConnectionError, type PublishOptions, type PublishPayload, QueueTimeoutError } from '@slack-mcp/core';
import { type PublishTarget, resolvePublish } from '@slack-mcp/core/backend';
import type { Connection } from '../reference/link.ts';
import { ReferenceBackend } from '../reference/reference-backend.ts';
import { type BrokenBackend, overReference } from './broken-backend.ts';

/** So many others are sent before a message that is late, in so many milliseconds at most. */
const OVERTAKING = 6;
const LATE_MS = 500;

/** Resolves once others have overtaken, or none came. */
async function overtaken(sent: () => number): Promise<void> {
  const [first, end] = [sent(), performance.now() + LATE_MS];
  while (sent() < first + OVERTAKING && performance.now() < end) await elapse(1);
}

/** Mistakes of publishing that show while connections break or brokers stand still. */
export const brokenOvertaking: readonly BrokenBackend[] = [
  {
    name: 'lets what was lost with a connection be overtaken',
    caughtBy: 'network.publish-order',
    also: ['network.publish-order-ambiguous'],
    harness: overReference(
      class extends ReferenceBackend {
        protected override createTarget(): PublishTarget {
          const inner = super.createTarget();
          let known: Connection | undefined;
          let sent = 0;
          return {
            ...inner,
            depth: 8,
            maxBatch: 1,
            send: async (lane, batch, report) => {
              sent += 1;
              const isFirst = known !== undefined && known !== this.connection;
              known = this.connection;
              if (!isFirst) return inner.send(lane, batch, report);
              await overtaken(() => sent);
              return { status: 'unknown', error: new ConnectionError('the connection was lost') };
            },
          };
        }
      },
    ),
  },
  {
    name: 'lets what was not confirmed be overtaken',
    caughtBy: 'network.publish-order-ambiguous',
    harness: overReference(
      class extends ReferenceBackend {
        protected override createTarget(): PublishTarget {
          const inner = super.createTarget();
          let sent = 0;
          return {
            ...inner,
            depth: 1_000,
            maxBatch: 1,
            send: async (lane, batch, report) => {
              sent += 1;
              if (!this.link.answers) {
                await this.link.until(() => this.link.answers);
                await overtaken(() => sent);
              }
              return inner.send(lane, batch, report);
            },
          };
        }
      },
    ),
  },
  {
    name: 'sends whatever is published at once',
    caughtBy: 'network.publish-bounded',
    also: ['network.publish-order-ambiguous'],
    harness: overReference(
      class extends ReferenceBackend {
        override async publish(key: string, payload: PublishPayload, options?: PublishOptions): Promise<void> {
          if (this.link.answers) return super.publish(key, payload, options);
          const message = resolvePublish(key, payload, options, this.capabilities);
          await this.put(message);
          await elapse(message.timeoutMs);
          throw new QueueTimeoutError('the broker did not answer');
        }
      },
    ),
  },
  {
    name: 'has one lane for all keys',
    caughtBy: 'network.publish-lanes',
    harness: overReference(
      class extends ReferenceBackend {
        protected override createTarget(): PublishTarget {
          return { ...super.createTarget(), laneOf: () => 'all' };
        }
      },
    ),
  },
];
