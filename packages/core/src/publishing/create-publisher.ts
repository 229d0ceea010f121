import { ImmediatePublisher } from './immediate-publisher.ts';
import { LanePublisher } from './lane-publisher.ts';
import type { ImmediateTarget, PublishTarget } from './publish-target.ts';
import type { Publisher, PublisherSettings } from './publisher.ts';

/**
 * Creates a publisher that sends messages through `target`. The publisher implements the validation, deadlines,
 * cancellation, batches, limits, order and retries of the contract. Messages of an ordering key are stored in the order
 * of their `publish` calls, even across retries: an unconfirmed message is sent again, with the same `messageId`,
 * before later messages of its ordering key. The publisher connects when it sends the first message.
 */
export function createPublisher(target: PublishTarget | ImmediateTarget, settings: PublisherSettings): Publisher {
  return 'store' in target ? new ImmediatePublisher(target, settings) : new LanePublisher(target, settings);
}
