import type { DeliverySource, ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { RedisConnection } from './client.ts';
import { GroupSubscriber } from './group-subscriber.ts';
import { IndependentSubscriber } from './independent-subscriber.ts';
import type { ResolvedOptions } from './options.ts';
import type { RedisDelivery } from './redis-delivery.ts';

/** Creates the source of a subscription, which is a member of a group or an independent consumer. */
export function createSubscriber(
  connection: RedisConnection,
  options: ResolvedOptions,
  consume: ResolvedConsumeOptions,
): DeliverySource<RedisDelivery> {
  const { group } = consume;
  return group === undefined
    ? new IndependentSubscriber(connection, options, consume)
    : new GroupSubscriber(connection, options, { ...consume, group });
}
