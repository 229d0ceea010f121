import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** Where a server keeps its tasks. */
export interface TaskStorage {
  readonly taskStore: TaskStore;
  readonly taskMessageQueue: TaskMessageQueue;
}

function createMcpServer({ taskStore, taskMessageQueue }: TaskStorage): McpServer {
  const server = new McpServer(
    { name: 'exporter', version: '1.0.0' },
    {
      capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
      ...{ taskStore, taskMessageQueue, maxTaskQueueSize: 100, defaultTaskPollInterval: 50 },
    },
  );
  server.experimental.tasks.registerToolTask(
    'export_channel',
    {
      description: 'Exports a channel once its user agrees',
      inputSchema: { channel: z.string() },
      execution: { taskSupport: 'required' },
    },
    {
      createTask: async ({ channel }, { taskStore: tasks, taskRequestedTtl }) => {
        const task = await tasks.createTask({ ttl: taskRequestedTtl ?? 60_000, pollInterval: 50 });
        const { taskId } = task;
        const requestedSchema = { type: 'object' as const, properties: { ok: { type: 'boolean' as const } } };
        await tasks.updateTaskStatus(taskId, 'input_required');
        void server.server
          .elicitInput({ mode: 'form', message: `Export ${channel}?`, requestedSchema }, { relatedTask: { taskId } })
          .then(({ action, content }) => {
            const text = `${channel}: ${action} ${JSON.stringify(content)}`;
            return tasks.storeTaskResult(taskId, 'completed', { content: [{ type: 'text', text }] });
          })
          // The task was cancelled in the meantime.
          .catch(() => undefined);
        return { task };
      },
      getTask: (_args, { taskStore: tasks, taskId }) => tasks.getTask(taskId),
      getTaskResult: async (_args, { taskStore: tasks, taskId }) => (await tasks.getTaskResult(taskId)) as never,
    },
  );
  return server;
}

/**
 * Runs one of several MCP server processes that share their tasks. A caller (the header `x-caller` stands for the
 * identity that authorization would provide) has the same session id in all of them, so that it can see its tasks in
 * each of them. Prints its port, and ends when its standard input closes.
 */
export function serveTasks(storage: TaskStorage): void {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer(async (incoming, response) => {
    const sessionId = String(incoming.headers['x-caller']);
    let transport = transports.get(sessionId);
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => sessionId });
      transports.set(sessionId, transport);
      await createMcpServer(storage).connect(transport as never);
    }
    await transport.handleRequest(incoming, response);
  });

  http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));
  process.stdin.resume().once('end', () => process.exit(0));
}
