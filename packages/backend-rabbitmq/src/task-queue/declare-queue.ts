import type { SupervisedChannel } from '../channel.ts';
import { topologyConflict } from '../rabbitmq-error.ts';

/** The settings of a task's queue. They must be the same as in the Python package. */
const SETTINGS = { durable: true } as const;

/**
 * Creates the queue of a task unless it exists. Returns the number of messages in the queue that no consumer is taking.
 *
 * @throws TopologyError - the queue exists with other settings
 */
export async function declareQueue(channel: SupervisedChannel, queue: string, endpoint: string): Promise<number> {
  const doing = `declaring the queue ${queue}`;
  try {
    const { messageCount } = await channel.ask(doing, (amqp) => amqp.assertQueue(queue, SETTINGS));
    return messageCount;
  } catch (error) {
    throw topologyConflict(error, { doing, endpoint, wanted: { ...SETTINGS, arguments: 'none' } });
  }
}
