import { namespace } from '@slack-mcp/brokers';
import { onTestFinished } from 'vitest';
import { RabbitMQTaskMessageQueue, type RabbitMQTaskMessageQueueOptions } from '../../src/task-queue/index.ts';

/** A prefix for the names of one test. */
export function freshPrefix(): string {
  return `${namespace('tasks')}:`;
}

/** Opens a queue and closes it after the test. */
export function openQueue(options: RabbitMQTaskMessageQueueOptions): RabbitMQTaskMessageQueue {
  const queue = new RabbitMQTaskMessageQueue({ prefix: freshPrefix(), ...options });
  onTestFinished(() => queue.close());
  return queue;
}
