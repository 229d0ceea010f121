import type { MessageMetadata } from '../contract/message.ts';
import type { QueuePayload } from '../contract/queue-payload.ts';

/**
 * One delivery of a message. A backend adds the data that it needs to settle the delivery, for example a delivery tag.
 * Each redelivery is a new object with its own payload, so that consumers never see each other's changes.
 */
export interface Delivery {
  readonly payload: QueuePayload;
  /** The metadata of the message. `deliveryCount` includes this delivery. */
  readonly metadata: MessageMetadata;
  /**
   * Whether the message belonged to a consumer that disappeared and may have begun to process the message, even if the
   * counts do not show it. If `interrupted` is true, the subscription waits for `begin` before the consumer receives
   * the message, so that a delivery that kills its consumer immediately is counted. Default false.
   */
  readonly interrupted?: boolean;
}
