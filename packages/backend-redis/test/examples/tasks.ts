import { setTimeout as elapse } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { RedisTaskMessageQueue, RedisTaskStore } from '@slack-mcp/backend-redis/task-queue';
import { z } from 'zod';

// Create them once per process: all its MCP servers share them, and all processes share the stored tasks.
export const taskStore: RedisTaskStore = RedisTaskStore.fromEnv();
export const taskMessageQueue: RedisTaskMessageQueue = RedisTaskMessageQueue.fromEnv();

export function createMcpServer(): McpServer {
  const capabilities = { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
  const server = new McpServer(
    { name: 'exporter', version: '1.0.0' },
    { capabilities, taskStore, taskMessageQueue, maxTaskQueueSize: 100 },
  );
  server.experimental.tasks.registerToolTask(
    'export_channel',
    { inputSchema: { channel: z.string() }, execution: { taskSupport: 'required' } },
    {
      createTask: async ({ channel }, { taskStore: tasks, taskRequestedTtl: ttl }) => {
        const task = await tasks.createTask(ttl === undefined ? {} : { ttl });
        // The work continues after the answer. The first final state is kept, so a later call cannot change it.
        void exportChannel(channel)
          .then((text) => ({ status: 'completed' as const, text }))
          .catch((error: unknown) => ({ status: 'failed' as const, text: String(error) }))
          .then(({ status, text }) => tasks.storeTaskResult(task.taskId, status, { content: [{ type: 'text', text }] }))
          // The task was cancelled in the meantime.
          .catch(() => undefined);
        return { task };
      },
      getTask: (_arguments, { taskStore: tasks, taskId }) => tasks.getTask(taskId),
      getTaskResult: async (_arguments, { taskStore: tasks, taskId }) => (await tasks.getTaskResult(taskId)) as never,
    },
  );
  return server;
}

async function exportChannel(channel: string): Promise<string> {
  await elapse(100);
  return `exported ${channel}`;
}
