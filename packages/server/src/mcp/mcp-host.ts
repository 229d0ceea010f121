import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { type Caller, mayWrite } from '../access/caller.ts';
import type { Tool, ToolDescription } from '../tools/define-tool.ts';
import { type GateOptions, resolveGateRules } from '../tools/gates/gate-rules.ts';
import { createMemoryIdempotencyStore, type IdempotencyStore } from '../tools/gates/idempotency/idempotency-store.ts';
import { selectTools, type ToolRegistry } from '../tools/registry.ts';
import { FAILURE_META_KEY, failureOf, type ToolFailure, type ToolResult, toolFailure } from '../tools/tool-result.ts';
import { allTools } from '../tools/toolsets/all-toolsets.ts';
import { UnknownToolError } from '../tools/unknown-tool-error.ts';
import { type SlackTokenFor, withCallersTokens } from '../tools/workspaces/caller-workspaces.ts';
import { takeTeam, withTeamArgument } from '../tools/workspaces/team-argument.ts';
import { openWorkspace, type Workspace } from '../tools/workspaces/workspace.ts';
import { type CallOrigin, openWorkspaces, type SlackPorts, workspaceNames } from '../tools/workspaces/workspaces.ts';
import { createComplete } from './completions/complete.ts';
import { usagePrompts } from './prompts/usage-prompts.ts';
import type { CallNotices } from './protocol/call-notices.ts';
import { createChanges } from './protocol/changes.ts';
import type { McpServers } from './protocol/mcp-servers.ts';
import { createMcpService } from './protocol/mcp-service.ts';
import { allResources } from './resources/all-resources.ts';
import { allTemplates } from './resources/all-templates.ts';
import { createResourceReader } from './resources/resource-reader.ts';
import { ResourceUpdates } from './resources/resource-updates.ts';
import { type McpTaskQueues, Tasks } from './tasks/tasks.ts';

/** How tools are served. */
export interface ToolOptions extends GateOptions {
  /** Lets `@channel`, `@here` and `@everyone` notify. Default `false`. */
  readonly allowBroadcast?: boolean;
  /** Remembers what was posted under which key. Default: in this process. */
  readonly idempotencyStore?: IdempotencyStore;
  /** File that keeps names of channels and users from run to run. Default: none. */
  readonly cacheFile?: string | undefined;
  /** Opens what keeps the tasks of revision 2025-11-25; it is closed with the server. Default: the memory of the process. */
  readonly openTaskQueues?: (() => Promise<McpTaskQueues>) | undefined;
  /** Chooses the Slack token of a caller's tools. Asked again after 5 minutes. Default: the server's own for all. */
  readonly slackTokenFor?: SlackTokenFor | undefined;
}

/** Options of `createMcpHost`. */
export interface McpHostOptions extends ToolOptions {
  /** Slack; several workspaces by their names, which callers then give as `team`. */
  slack: SlackPorts;
  /** The tools there are, before the gates choose from them. Default: all of this package. */
  registry?: ToolRegistry;
  /** Opens Slack with the token of a caller, for `slackTokenFor`. */
  openSlack?: ((token: string) => SlackPort) | undefined;
  logger: Logger;
  /** The version that clients are told. */
  version: string;
  /** Whether somebody publishes what changes in Slack, so that clients can be told. Default `false`. */
  observesEvents?: boolean;
  /** Told of every call of a tool that exists. `outcome`: `ok`, `cancelled` or the code of the failure. */
  onToolCall?: (call: { tool: string; outcome: string; durationMs: number }) => void;
}

/** Whose call of a tool it is, and how it ends early. */
export interface CallOptions extends Pick<CallOrigin, 'caller'> {
  signal?: AbortSignal;
  /** What the caller is told while it runs. Default: nothing. */
  notices?: CallNotices | undefined;
}

/** The tools, prompts and resources of one process, for every transport and for REST. */
export interface McpHost extends McpServers {
  /** In the order in which clients see them. Asking needs no network. */
  readonly tools: readonly ToolDescription[];
  /** Those of the tools that a caller has the rights to: the same list every time. */
  toolsFor(caller: Caller | undefined): readonly ToolDescription[];
  /**
   * Calls a tool. What fails is told in the result.
   *
   * @throws UnknownToolError when there is no such tool
   * @throws the signal's reason once it is aborted
   */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolResult>;
  /**
   * Tells the clients that asked for it that something can be read anew, soon and not for every time it is called.
   *
   * @param path - what stands after `slack://`, with ids for names: `channels/C0123456789/messages`
   */
  resourceUpdated(path: string): void;
  /** Ends every session. */
  close(): Promise<void>;
}

/**
 * Opens nothing and calls nobody.
 *
 * @throws ConfigurationError for an unknown toolset, or a list of channels that cannot be read
 */
export function createMcpHost(options: McpHostOptions): McpHost {
  const { slack, openSlack, slackTokenFor, logger, version, onToolCall } = options;
  const { readOnly = false, observesEvents = false, registry: known = allTools } = options;
  const rules = resolveGateRules(
    options,
    known.tools.map(({ toolset }) => toolset),
    workspaceNames(slack),
  );
  const registry = selectTools(known, rules);
  const { allowBroadcast = false, idempotencyStore = createMemoryIdempotencyStore(), cacheFile } = options;
  const base = { rules, allowBroadcast, idempotencyStore, cacheFile, logger };
  const shared = openWorkspaces(slack, (port, name) => openWorkspace({ ...base, name, slack: port }));
  // The file holds the names that one token sees.
  const openOwn = (port: SlackPort, name: string | undefined): Workspace =>
    openWorkspace({ ...base, name, slack: port, cacheFile: undefined });
  const workspaces =
    slackTokenFor === undefined || openSlack === undefined
      ? shared
      : withCallersTokens(shared, {
          tokenFor: slackTokenFor,
          open: (token, name) => openOwn(openSlack(token), name),
          logger,
        });
  const servers = new Set<Server | ModernServer>();
  const changes = createChanges();
  const tools = registry.tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) =>
    withTeamArgument({ name, title, description, inputSchema, outputSchema, annotations }, workspaces.names),
  );
  const reading = tools.filter(({ annotations }) => annotations.readOnlyHint);
  const resources = allResources(workspaces.names);
  const prompts = usagePrompts.filter((prompt) => registry.get(prompt.tool) !== undefined);

  async function callTool(name: string, args: unknown, call: CallOptions = {}): Promise<ToolResult> {
    const { signal = new AbortController().signal, caller } = call;
    const tool = registry.get(name);
    if (tool === undefined) {
      throw new UnknownToolError(name, {
        tools: tools.map((tool) => tool.name),
        withheld: readOnly && known.get(name) !== undefined,
      });
    }
    const started = performance.now();
    let outcome = 'cancelled';
    try {
      const result = await runTool(tool, args, { ...call, signal });
      outcome = result._meta?.[FAILURE_META_KEY].code ?? 'ok';
      if (outcome !== 'ok') call.notices?.log('warning', 'tool_failed', { tool: name, code: outcome });
      return result;
    } finally {
      const durationMs = performance.now() - started;
      onToolCall?.({ tool: name, outcome, durationMs });
      logger.info(
        { tool: name, ...(caller && { caller: caller.id }), durationMs: Math.round(durationMs), outcome },
        'mcp_tool_executed',
      );
    }
  }

  async function runTool(
    tool: Tool,
    args: unknown,
    { signal, caller, notices }: CallOptions & { signal: AbortSignal },
  ): Promise<ToolResult> {
    if (!mayWrite(caller) && !tool.annotations.readOnlyHint) return toolFailure(lacksRights(tool, caller));
    const { team, rest } = workspaces.names.length === 0 ? { rest: args } : takeTeam(args);
    let workspace: Workspace;
    try {
      workspace = await workspaces.of({ team, caller, signal });
    } catch (error) {
      signal.throwIfAborted();
      return toolFailure(failureOf(error, tool.name, logger));
    }
    const result = await tool.execute(rest, workspace.contextFor(tool, { signal, notices, caller: caller?.id }));
    // Not before the token is seen to work, and to be used.
    if (result.isError !== true) workspace.warm();
    return result;
  }

  const isLong = (name: string): boolean => registry.get(name)?.long === true;
  const tasks = new Tasks({ open: options.openTaskQueues, isLong, logger });
  const templates = allTemplates.filter(({ toolset }) => rules.toolsets.has(toolset));
  const reader = createResourceReader({ resources, templates, workspaces });
  const updates = new ResourceUpdates(changes, reader, workspaces.names);
  const complete = createComplete({ prompts, useOf: registry.get, templates, reader, workspaces });
  const service = createMcpService({ version, tools, callTool, prompts, resources, reader, complete });

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
    tools,
    toolsFor: (caller) => (mayWrite(caller) ? tools : reading),
    callTool,
    changes,
    resourceUpdated: (path) => updates.add(path),
    async createServer({ stateless = false } = {}) {
      const { createSdkServer } = await import('./protocol/sdk-server.ts');
      return keep(createSdkServer(service, { tasks, stateless, changes: observesEvents ? changes : undefined }));
    },
    async createModernServer() {
      // Asked for with every request: an import takes its time even when there is nothing left to load.
      modern ??= import('./protocol/modern-server.ts');
      const { createModernServer } = await modern;
      return keep(createModernServer(service, { subscribe: observesEvents }));
    },
    async close() {
      workspaces.close();
      updates.close();
      await Promise.all([...servers].map((server) => server.close()));
      servers.clear();
      await tasks.close();
    },
  };
}

function lacksRights({ name }: Tool, caller: Caller | undefined): ToolFailure {
  return {
    code: 'insufficient_rights',
    message: `${name}: it writes, and ${caller?.id} may only read. Do without it, or ask whoever runs this server for the right to write.`,
    details: { needed: 'write' },
  };
}
