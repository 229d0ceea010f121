import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Logger, TaskQueues } from '@slack-mcp/core';
import type { ToolService } from '../tools/tool-service.ts';
import { createComplete } from './completions/complete.ts';
import type { Prompt } from './prompts/prompt.ts';
import { taskPrompts } from './prompts/task-prompts.ts';
import { usagePrompts } from './prompts/usage-prompts.ts';
import { createChanges } from './protocol/changes.ts';
import type { McpServers } from './protocol/mcp-servers.ts';
import { createMcpService } from './protocol/mcp-service.ts';
import { allResources } from './resources/all-resources.ts';
import { allTemplates } from './resources/all-templates.ts';
import { createResourceReader } from './resources/resource-reader.ts';
import { ResourceUpdates } from './resources/resource-updates.ts';
import { Tasks } from './tasks/tasks.ts';

/** Options of `createMcpHost`. */
export interface McpHostOptions {
  /** The tools to serve. The host does not close the tools or their workspaces. */
  tools: ToolService;
  /**
   * Opens the task queues for revision 2025-11-25. The host closes the task queues. By default, tasks are kept in this
   * process's memory.
   */
  openTaskQueues?: (() => Promise<TaskQueues>) | undefined;
  /** Whether changes in Slack are reported to the host, so that clients can subscribe to them. Default: `false`. */
  observesEvents?: boolean;
  /** The server version that clients see. */
  version: string;
  logger: Logger;
}

/** The tools, prompts and resources of one process, for every MCP transport. */
export interface McpHost extends McpServers {
  /**
   * Notifies subscribed clients that a resource has changed. Several calls within a short time cause one notification.
   *
   * @param path - the resource URI without `slack://` and with IDs instead of names, for example
   * `channels/C0123456789/messages`
   */
  resourceUpdated(path: string): void;
  /** Ends every session. */
  close(): Promise<void>;
}

/** Creates a host. Opens no connection and makes no calls. */
export function createMcpHost(options: McpHostOptions): McpHost {
  const { tools, logger, version, observesEvents = false } = options;
  const { registry, workspaces } = tools;
  const servers = new Set<Server | ModernServer>();
  const changes = createChanges();
  const served = new Set(registry.toolsets.map(({ id }) => id));
  const resources = allResources(workspaces.names).filter(
    ({ toolset }) => toolset === undefined || served.has(toolset),
  );
  const templates = allTemplates.filter(({ toolset }) => served.has(toolset));
  const promptsFor = (names: ReadonlySet<string>): readonly Prompt[] => {
    const seen = registry.tools.filter(({ name }) => names.has(name));
    return [...usagePrompts(seen), ...taskPrompts(seen)];
  };
  const prompts = promptsFor(new Set(registry.tools.map(({ name }) => name)));
  const isLong = (name: string): boolean => registry.get(name)?.long === true;
  const tasks = new Tasks({ open: options.openTaskQueues, isLong, logger });
  const reader = createResourceReader({ resources, templates, workspaces });
  const updates = new ResourceUpdates(changes, reader, workspaces.names);
  const complete = createComplete({ prompts, registry, reader, workspaces });
  const service = createMcpService({ version, tools, promptsFor, resources, reader, complete });

  let modern: Promise<typeof import('./protocol/modern-server.ts')> | undefined;

  function keep<S extends Server | ModernServer>(server: S): S {
    const { onclose } = server;
    servers.add(server);
    server.onclose = () => {
      servers.delete(server);
      onclose?.();
    };
    return server;
  }

  return {
    changes,
    resourceUpdated: (path) => updates.add(path),
    async createServer({ single } = {}) {
      const { createSdkServer } = await import('./protocol/sdk-server.ts');
      if (single !== undefined) {
        const sharedTasks = await tasks.shared(single.caller);
        return keep(createSdkServer(service, { tasks, stateless: true, sharedTasks, revision: single.revision }));
      }
      return keep(createSdkServer(service, { tasks, changes: observesEvents ? changes : undefined }));
    },
    async createModernServer(client = {}) {
      // Cached, because every request needs it and even a repeated import takes time.
      modern ??= import('./protocol/modern-server.ts');
      const { createModernServer } = await modern;
      return keep(createModernServer(service, { subscribe: observesEvents, client }));
    },
    async close() {
      updates.close();
      await Promise.all([...servers].map((server) => server.close()));
      servers.clear();
      await tasks.close();
    },
  };
}
