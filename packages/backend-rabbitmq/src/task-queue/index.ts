export type { WaitOptions } from '@slack-mcp/core/backend';
export { RabbitMQTaskMessageQueue } from './rabbitmq-task-message-queue.ts';
export type { RabbitMQTaskConnectionOptions, RabbitMQTaskMessageQueueOptions } from './task-queue-options.ts';
