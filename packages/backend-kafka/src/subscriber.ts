import type { DeliverySource, ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { DeadLetterWriter } from './dead-letter-writer.ts';
import { GroupSubscriber } from './group-subscriber.ts';
import { IndependentSubscriber } from './independent-subscriber.ts';
import type { ResolvedOptions } from './options.ts';
import type { KafkaDelivery } from './partition-tracker.ts';
import { RecordWriter } from './record-writer.ts';

/** Creates the source of a subscription, which is a member of a group or an independent consumer. */
export function createSubscriber(
  connection: KafkaConnection,
  options: ResolvedOptions,
  consume: ResolvedConsumeOptions,
): DeliverySource<KafkaDelivery> {
  const { group } = consume;
  if (group === undefined) return new IndependentSubscriber(connection, options, consume);
  const writer = new DeadLetterWriter(new RecordWriter(connection, options), options.prefix);
  return new GroupSubscriber(connection, options, { ...consume, group }, writer);
}
