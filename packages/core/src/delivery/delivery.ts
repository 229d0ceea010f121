import type { MessageMetadata } from '../contract/message.ts';
import type { QueuePayload } from '../contract/queue-payload.ts';

/**
 * One delivery of a message. A backend adds what it needs to settle it, such as a delivery tag. A redelivery is another
 * object, with a payload of its own: no consumer sees what another one does to it.
 */
export interface Delivery {
  readonly payload: QueuePayload;
  /** Its `deliveryCount` includes this delivery, as if it were handed out now. */
  readonly metadata: MessageMetadata;
  /**
   * A consumer that vanished held the message and may have begun it, whatever the counts say: `begin` is awaited before
   * the message is handed out, so that one that kills its consumer at once is counted. Default false.
   */
  readonly interrupted?: boolean;
}
