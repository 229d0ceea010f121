export type { WaitOptions } from '@slack-mcp/core/backend';
export { MemoryTaskMessageQueue, type MemoryTaskMessageQueueOptions } from './memory-task-message-queue.ts';
export { MemoryTaskStore, type MemoryTaskStoreOptions } from './memory-task-store.ts';
export { openTaskQueues } from './open-task-queues.ts';
