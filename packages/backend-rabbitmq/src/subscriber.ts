import type { DeliverySource, ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { RabbitMQClient } from './client.ts';
import { GroupSubscriber } from './group-subscriber.ts';
import { IndependentSubscriber } from './independent-subscriber.ts';
import type { ResolvedOptions } from './options.ts';
import type { RabbitMQDelivery } from './rabbitmq-delivery.ts';

/** Creates the source of a subscription, with or without a group. */
export function createSubscriber(
  client: RabbitMQClient,
  options: ResolvedOptions,
  consume: ResolvedConsumeOptions,
): DeliverySource<RabbitMQDelivery> {
  const { group } = consume;
  return group === undefined
    ? new IndependentSubscriber(client, options, consume)
    : new GroupSubscriber(client, options, { ...consume, group });
}
