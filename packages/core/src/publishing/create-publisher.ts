import { ImmediatePublisher } from './immediate-publisher.ts';
import { LanePublisher } from './lane-publisher.ts';
import type { ImmediateTarget, PublishTarget } from './publish-target.ts';
import type { Publisher, PublisherSettings } from './publisher.ts';

/**
 * A publisher over `target`: validation, deadlines, cancellation, batches, bounds, order and retries as the contract
 * has them. Per ordering key, messages are stored in the order of their `publish` calls, also across retries: what the
 * broker did not confirm is sent again, with the same `messageId`, before later messages of its ordering key. Opens
 * nothing before the first message.
 */
export function createPublisher(target: PublishTarget | ImmediateTarget, settings: PublisherSettings): Publisher {
  return 'store' in target ? new ImmediatePublisher(target, settings) : new LanePublisher(target, settings);
}
