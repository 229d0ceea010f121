import { setTimeout as elapse } from 'node:timers/promises';
import { ConnectionError, isQueueError, PublishError } from '@slack-mcp/core';
import type { OutgoingMessage, PublishOutcome, PublishReport, PublishTarget } from '@slack-mcp/core/backend';
import { ReferenceBackend } from '../../src/reference/reference-backend.ts';

/** Milliseconds that a confirm may take. */
const CONFIRM_MS = 5;
const LOST: PublishOutcome = { status: 'unknown', error: new ConnectionError('the channel was closed') };
const NACKED: PublishOutcome = { status: 'refused', error: new PublishError('nacked'), retry: true };

/**
 * Publishes as one does on an AMQP channel with confirms: each message is confirmed by itself, in any order; one can be
 * nacked while those behind it are stored; and with the channel the confirms of what it stored are lost.
 */
export class AmqpLikeBackend extends ReferenceBackend {
  #published = 0;

  protected override createTarget(): PublishTarget {
    const inner = super.createTarget();
    return {
      ...inner,
      depth: 16,
      storesPastGaps: true,
      laneOf: ({ key }) => `channel of ${key}`,
      send: async (_, batch, report) => {
        await Promise.all(batch.map((outgoing, index) => this.#publish(outgoing, index, report)));
        return LOST;
      },
    };
  }

  async #publish({ message }: OutgoingMessage, index: number, report: PublishReport): Promise<void> {
    this.#published += 1;
    const number = this.#published;
    const { connection } = this;
    const isOpen = (): boolean => this.link.up && connection?.open === true;
    if (!isOpen()) return;
    const isNacked = number % 11 === 0;
    try {
      const isStored = isNacked || (await this.link.carry(connection, message.key, () => this.put(message)));
      // Later ones may be confirmed first.
      await elapse((number * 7) % CONFIRM_MS);
      if (!isStored || !isOpen() || !(await this.answered(AbortSignal.timeout(60_000)))) return;
    } catch (error) {
      if (!isQueueError(error)) throw error;
      return report(index, { status: 'refused', error, retry: false });
    }
    report(index, isNacked ? NACKED : { status: 'stored' });
  }
}
