export type { WaitOptions } from './arrival-waiters.ts';
export { MemoryTaskMessageQueue, type MemoryTaskMessageQueueOptions } from './memory-task-message-queue.ts';
