import { setTimeout as elapse } from 'node:timers/promises';
import { ConnectionError, type PublishOptions, type PublishPayload, QueueTimeoutError } from '@slack-mcp/core';
import { type PublishTarget, resolvePublish } from '@slack-mcp/core/backend';
import type { Connection } from '../reference/link.ts';
import { ReferenceBackend } from '../reference/reference-backend.ts';
import { type BrokenBackend, overReference } from './broken-backend.ts';

/** Number of messages that are sent before a late one, within at most `LATE_MS` milliseconds. */
const OVERTAKING = 6;
const LATE_MS = 500;

/** Resolves once other messages were sent first, or none arrived in time. */
async function overtaken(sent: () => number): Promise<void> {
  const [first, end] = [sent(), performance.now() + LATE_MS];
  while (sent() < first + OVERTAKING && performance.now() < end) await elapse(1);
}

/** Defects of publishing that appear when connections break or brokers stall. */
export const brokenOvertaking: readonly BrokenBackend[] = [
  {
    name: 'sends later messages before one that was lost with its connection',
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
    name: 'sends later messages before an unconfirmed one',
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
    name: 'sends all publishes without a limit',
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
