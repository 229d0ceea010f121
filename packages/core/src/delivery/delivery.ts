import type { MessageMetadata } from '../contract/message.ts';
import type { QueuePayload } from '../contract/queue-payload.ts';

/**
 * One delivery of a message. A backend adds the data that it needs to settle it, for example a delivery tag. Each
 * redelivery is a new object with its own payload, so that consumers never see each other's changes.
 */
export interface Delivery {
  readonly payload: QueuePayload;
  /** The metadata. `deliveryCount` includes this delivery. */
  readonly metadata: MessageMetadata;
  /**
   * Whether the message belonged to a consumer that disappeared and may have begun to process it, even if the counts do
   * not show it. `begin` is then awaited before the message is handed out, so that a message that kills its consumer
   * immediately is counted. Default false.
   */
  readonly interrupted?: boolean;
}
