import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { TaskQueues } from '@slack-mcp/core';

/** What keeps the tasks of a server, as the MCP SDK takes it. */
export type McpTaskQueues = TaskQueues<TaskStore, TaskMessageQueue>;
