import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { TaskQueues } from '@slack-mcp/core';

/** The task queues of a server, with the types of the MCP SDK. */
export type McpTaskQueues = TaskQueues<TaskStore, TaskMessageQueue>;
