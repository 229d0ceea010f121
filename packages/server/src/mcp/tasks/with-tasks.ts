import type { ServerOptions } from '@modelcontextprotocol/sdk/server/index.js';
import type { Task } from '@modelcontextprotocol/sdk/types.js';
import type { ToolResult } from '../../tools/tool-result.ts';
import type { RequestHandlers } from '../protocol/mcp-service.ts';
import { RequestError } from '../protocol/request-error.ts';
import { readTtl } from './read-ttl.ts';
import type { SessionTasks } from './session-tasks.ts';
import type { Tasks } from './tasks.ts';

/** The SDK options for answering task requests. */
export function taskOptions({ store }: SessionTasks): ServerOptions {
  return { taskStore: store, taskMessageQueue: store, maxTaskQueueSize: 100 };
}

/** The task capabilities that clients see. */
export const TASK_CAPABILITIES = { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } } as const;

/** A session in which tools can be called as tasks. */
export interface TaskSession {
  readonly tasks: Tasks;
  readonly session: SessionTasks;
  /** Notifies the client of the status of a task. */
  notify(task: Task): Promise<void>;
  /** Whether the session's revision supports tasks. */
  offered(): boolean;
}

/** Request handlers that let clients call long tools as tasks. */
export function withTasks(
  handlers: RequestHandlers,
  { tasks, session, notify, offered }: TaskSession,
): RequestHandlers {
  return {
    ...handlers,
    'tools/list': (params, context) => {
      const page = handlers['tools/list'](params, context);
      return offered() ? tasks.describe(page) : page;
    },
    async 'tools/call'(params, context) {
      const { task: wanted } = params as { task?: unknown };
      if (wanted === undefined || !offered()) return handlers['tools/call'](params, context);
      const ttl = readTtl(wanted);
      if (!tasks.isLong(params.name)) {
        throw new RequestError(
          'methodNotFound',
          `${JSON.stringify(params.name.slice(0, 200))} cannot be called as a task.`,
        );
      }
      const run = (signal: AbortSignal): Promise<ToolResult> => handlers['tools/call'](params, { ...context, signal });
      const task = await session.start({ ttl, run, notify, caller: context.caller?.id });
      return { task } as unknown as ToolResult;
    },
  };
}
