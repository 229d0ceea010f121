export type { WaitOptions } from '@slack-mcp/core/backend';
export { openTaskQueues } from './open-task-queues.ts';
export { RedisTaskMessageQueue } from './redis-task-message-queue.ts';
export { RedisTaskStore } from './redis-task-store.ts';
export type {
  RedisTaskConnectionOptions,
  RedisTaskMessageQueueOptions,
  RedisTaskStoreOptions,
} from './task-queue-options.ts';
