import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { OpenTaskQueues } from '@slack-mcp/core';
import { RedisTaskMessageQueue } from './redis-task-message-queue.ts';
import { RedisTaskStore } from './redis-task-store.ts';
/**
 * Opens the task store and task message queue that all servers with the same Redis share. Reads the environment
 * variables of the Redis backend.
 */
export const openTaskQueues: OpenTaskQueues<TaskStore, TaskMessageQueue> = (env, options) => {
  const store = RedisTaskStore.fromEnv(env, options);
  const queue = RedisTaskMessageQueue.fromEnv(env, options);
  return {
    store,
    queue,
    shared: true,
    async close() {
      await Promise.all([store.close(), queue.close()]);
    },
  };
};
