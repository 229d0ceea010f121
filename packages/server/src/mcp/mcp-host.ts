import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Logger } from '@slack-mcp/core';
import type { ToolDescription } from './define-tool.ts';
import { type GateOptions, resolveGateRules } from './gates/gate-rules.ts';
import { createMemoryIdempotencyStore, type IdempotencyStore } from './gates/idempotency-store.ts';
import { usagePrompts } from './prompts/usage-prompts.ts';
import { createSdkServer } from './protocol/sdk-server.ts';
import { selectTools } from './registry.ts';
import { emojisResource } from './resources/emojis.ts';
import { FAILURE_META_KEY, type ToolResult } from './tool-result.ts';
import { allTools } from './tools/all-tools.ts';
import { UnknownToolError } from './unknown-tool-error.ts';
import { openWorkspace } from './workspaces/workspace.ts';
import { type CallOrigin, openWorkspaces, type SlackPorts } from './workspaces/workspaces.ts';

/** How tools are served. */
export interface ToolOptions extends GateOptions {
  /** Lets `@channel`, `@here` and `@everyone` notify. Default `false`. */
  readonly allowBroadcast?: boolean;
  /** Remembers what was posted under which key. Default: in this process. */
  readonly idempotencyStore?: IdempotencyStore;
  /** File that keeps names of channels and users from run to run. Default: none. */
  readonly cacheFile?: string | undefined;
}

/** Options of `createMcpHost`. */
export interface McpHostOptions extends ToolOptions {
  /** Slack; several workspaces by their names, which callers then give as `team`. */
  slack: SlackPorts;
  logger: Logger;
  /** The version that clients are told. */
  version: string;
  /** Told of every call of a tool that exists. `outcome`: `ok`, `cancelled` or the code of the failure. */
  onToolCall?: (call: { tool: string; outcome: string; durationMs: number }) => void;
}

/** Whose call of a tool it is, and how it ends early. */
export interface CallOptions extends Pick<CallOrigin, 'caller'> {
  signal?: AbortSignal;
}

/** The tools, prompts and resources of one process, for every transport and for REST. */
export interface McpHost {
  /** In the order in which clients see them. Asking needs no network. */
  readonly tools: readonly ToolDescription[];
  /**
   * Calls a tool. What fails is told in the result.
   *
   * @throws UnknownToolError when there is no such tool
   * @throws the signal's reason once it is aborted
   */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolResult>;
  /** A server for one session, not yet connected. */
  createServer(): Server;
  /** Ends every session. */
  close(): Promise<void>;
}

/**
 * Opens nothing and calls nobody.
 *
 * @throws ConfigurationError for an unknown toolset, or a list of channels that cannot be read
 */
export function createMcpHost(options: McpHostOptions): McpHost {
  const { slack, logger, version, readOnly = false, onToolCall } = options;
  const rules = resolveGateRules(
    options,
    allTools.tools.map(({ toolset }) => toolset),
  );
  const registry = selectTools(allTools, rules);
  const { allowBroadcast = false, idempotencyStore = createMemoryIdempotencyStore(), cacheFile } = options;
  const workspaces = openWorkspaces(slack, (port, workspace) =>
    openWorkspace({ name: workspace, slack: port, rules, allowBroadcast, idempotencyStore, cacheFile, logger }),
  );
  const servers = new Set<Server>();
  const tools = registry.tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations,
  }));
  const prompts = usagePrompts.filter((prompt) => registry.get(prompt.tool) !== undefined);

  async function callTool(name: string, args: unknown, { signal, caller }: CallOptions = {}): Promise<ToolResult> {
    const tool = registry.get(name);
    if (tool === undefined) {
      throw new UnknownToolError(name, {
        tools: tools.map((known) => known.name),
        withheld: readOnly && allTools.get(name) !== undefined,
      });
    }
    const started = performance.now();
    let outcome = 'cancelled';
    try {
      const workspace = await workspaces.of({ caller });
      const result = await tool.execute(args, workspace.contextFor(tool, signal ?? new AbortController().signal));
      outcome = result._meta?.[FAILURE_META_KEY].code ?? 'ok';
      // Not before the token is seen to work, and to be used.
      if (outcome === 'ok') workspace.warm();
      return result;
    } finally {
      const durationMs = performance.now() - started;
      onToolCall?.({ tool: name, outcome, durationMs });
      logger.info({ tool: name, durationMs: Math.round(durationMs), outcome }, 'mcp_tool_executed');
    }
  }

  return {
    tools,
    callTool,
    createServer() {
      const server = createSdkServer({ version, tools, callTool, prompts, resources: [emojisResource], workspaces });
      servers.add(server);
      server.onclose = () => servers.delete(server);
      return server;
    },
    async close() {
      workspaces.close();
      await Promise.all([...servers].map((server) => server.close()));
      servers.clear();
    },
  };
}
