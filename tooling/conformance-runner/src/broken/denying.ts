import type { BackendHealth, QueueMessage } from '@slack-mcp/core';
import { ReferenceBackend } from '../reference/reference-backend.ts';
import { type BrokenBackend, overReference } from './broken-backend.ts';

/** Defects of backends that hide an outage. */
export const brokenDenying: readonly BrokenBackend[] = [
  {
    name: 'acks although parking failed',
    caughtBy: 'network.dead-letter-fails',
    also: ['network.settle-unanswered'],
    harness: overReference(
      class extends ReferenceBackend {
        #wasCut = false;

        protected override settle(how: () => Promise<void>): Promise<void> {
          if (!this.link.up) this.#wasCut = true;
          return super.settle(how);
        }

        protected override async park(message: QueueMessage, reason: { code?: string }): Promise<void> {
          await (this.#wasCut ? message.ack() : message.deadLetter(reason));
        }
      },
    ),
  },
  {
    name: 'always reports up',
    caughtBy: 'network.health',
    also: [
      'network.absent-at-start',
      'network.dead-letter-fails',
      'network.leave-during-outage',
      'network.publish-waits',
      'network.settle-implicit',
    ],
    harness: overReference(
      class extends ReferenceBackend {
        override async health(): Promise<BackendHealth> {
          const health = await super.health();
          return health.detail['connected'] === false ? { status: 'up', detail: {} } : health;
        }
      },
    ),
  },
];
