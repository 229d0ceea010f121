import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { OpenTaskQueues } from '@slack-mcp/core';
import { MemoryTaskMessageQueue } from './memory-task-message-queue.ts';
import { MemoryTaskStore } from './memory-task-store.ts';

/** Creates the storage for the tasks of one server, in the memory of the process. Reads no environment variables. */
export const openTaskQueues: OpenTaskQueues<TaskStore, TaskMessageQueue> = () => {
  const store = new MemoryTaskStore();
  const queue = new MemoryTaskMessageQueue();
  return {
    store,
    queue,
    async close() {
      await Promise.all([store.close(), queue.close()]);
    },
  };
};
