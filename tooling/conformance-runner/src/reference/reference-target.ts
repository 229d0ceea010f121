import { ConnectionError, isQueueError, PublishError } from '@slack-mcp/core';
import type { PublishOutcome, PublishTarget, ResolvedPublish } from '@slack-mcp/core/backend';

/** A reference backend's access to its broker. */
export interface ReferenceWire {
  isConnected(): boolean;
  connect(): Promise<void>;
  /** Whether the broker accepts writes. */
  isAccepting(): boolean;
  /** Sends a message to the broker to store it. Resolves to whether the answer arrived. */
  carry(message: ResolvedPublish): Promise<boolean>;
  /** Resolves to whether the answer arrived. If it did not, waits until answers arrive again. */
  answered(): Promise<boolean>;
}

const LOST: PublishOutcome = { status: 'unknown', error: new ConnectionError('the connection was lost') };
const REFUSED: PublishOutcome = {
  status: 'refused',
  error: new PublishError('the broker takes no writes', { retryable: true }),
  retry: true,
};

/** A lane for each key; messages are stored one after the other. */
export function createReferenceTarget(wire: ReferenceWire): PublishTarget {
  async function store(message: ResolvedPublish): Promise<PublishOutcome> {
    if (!wire.isConnected()) return LOST;
    if (!wire.isAccepting()) return REFUSED;
    try {
      return (await wire.carry(message)) && (await wire.answered()) ? { status: 'stored' } : LOST;
    } catch (error) {
      if (isQueueError(error)) return { status: 'refused', error, retry: false };
      throw error;
    }
  }

  return {
    laneOf: ({ key }) => key,
    connect: () => (wire.isConnected() ? undefined : wire.connect()),
    async send(_, batch, report) {
      for (const [index, { message }] of batch.entries()) report(index, await store(message));
      return LOST;
    },
  };
}
