import { channel } from 'node:diagnostics_channel';
import { HANDLED_CHANNEL, type MessageMetadata, type QueueBackend } from '@slack-mcp/core';
import { ATTEMPT_CHANNEL, CONSUMER_CHANNEL, type ConsumerChange, type PausableConsumer } from '@slack-mcp/core/ops';
import type { Handled } from './deliver.ts';

/**
 * Publishes the attempts, outcomes and state changes of a consumer on channels of `node:diagnostics_channel`. Costs
 * nothing without a subscriber.
 */
export interface Announcements {
  onAttempt(metadata: MessageMetadata): void;
  onHandled(message: Handled): void;
  changed(consumer: PausableConsumer, state: ConsumerChange['state']): void;
}

/** @param backend - the backend that the consumer reads from */
export function createAnnouncements(backend: QueueBackend): Announcements {
  const attempt = channel(ATTEMPT_CHANNEL);
  const handled = channel(HANDLED_CHANNEL);
  const change = channel(CONSUMER_CHANNEL);
  return {
    onAttempt: (metadata) => {
      if (attempt.hasSubscribers) attempt.publish({ backend, metadata });
    },
    onHandled: (message) => {
      if (handled.hasSubscribers) handled.publish({ ...message, backend });
    },
    changed: (consumer, state) => {
      if (change.hasSubscribers) change.publish({ backend, consumer, state });
    },
  };
}
