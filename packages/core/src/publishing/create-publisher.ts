import { ImmediatePublisher } from './immediate-publisher.ts';
import { LanePublisher } from './lane-publisher.ts';
import type { ImmediateTarget, PublishTarget } from './publish-target.ts';
import type { Publisher, PublisherSettings } from './publisher.ts';

/**
 * Creates a publisher over `target`. It implements validation, deadlines, cancellation, batches, limits, order and
 * retries of the contract. Messages of an ordering key are stored in the order of their `publish` calls, also across
 * retries: an unconfirmed message is sent again, with the same `messageId`, before later messages of its ordering key.
 * Connects with the first message.
 */
export function createPublisher(target: PublishTarget | ImmediateTarget, settings: PublisherSettings): Publisher {
  return 'store' in target ? new ImmediatePublisher(target, settings) : new LanePublisher(target, settings);
}
