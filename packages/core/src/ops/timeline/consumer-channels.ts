import type { QueueBackend } from '../../contract/backend.ts';
import type { MessageMetadata } from '../../contract/message.ts';

/** The channel of `node:diagnostics_channel` on which consumers publish an {@link AttemptStarted}. */
export const ATTEMPT_CHANNEL = 'slack-mcp:consumer:attempt';

/** The channel on which consumers publish a {@link ConsumerChange}. */
export const CONSUMER_CHANNEL = 'slack-mcp:consumer:change';

/** A message whose handlers are about to run. */
export interface AttemptStarted {
  /** The backend that the consumer reads from. */
  readonly backend: QueueBackend;
  readonly metadata: MessageMetadata;
}

/** A consumer that operators can pause. */
export interface PausableConsumer {
  readonly group?: string | undefined;
  readonly paused: boolean;
  /**
   * Stops receiving messages, and returns to the queue the messages whose handlers have not begun. Resolves when the
   * messages in flight are settled.
   */
  pause(): Promise<void>;
  /** Receives messages again. */
  resume(): Promise<void>;
}

/** A consumer that has started or closed. */
export interface ConsumerChange {
  readonly backend: QueueBackend;
  readonly consumer: PausableConsumer;
  readonly state: 'started' | 'closed';
}
