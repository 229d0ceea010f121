import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { CallReports } from './call-reports.ts';
import { type Caller, mayWrite } from './caller.ts';
import type { ToolDescription } from './define-tool.ts';
import { type GateOptions, resolveGateRules } from './gates/gate-rules.ts';
import type { IdempotencyStore } from './gates/idempotency/idempotency-store.ts';
import { createMemoryIdempotencyStore } from './gates/idempotency/memory-idempotency-store.ts';
import type { RegisteredTool, ToolRegistry } from './registry.ts';
import { selectTools, type ToolSelection } from './select-tools.ts';
import { toolInstructions } from './tool-instructions.ts';
import { FAILURE_META_KEY, failureOf, type ToolFailure, type ToolResult, toolFailure } from './tool-result.ts';
import { allToolsets } from './toolsets/all-toolsets.ts';
import { UnknownToolError } from './unknown-tool-error.ts';
import { type SlackTokenFor, withCallersTokens } from './workspaces/caller-workspaces.ts';
import { takeTeam, withTeamArgument } from './workspaces/team-argument.ts';
import { openWorkspace, type Workspace } from './workspaces/workspace.ts';
import {
  type CallOrigin,
  openWorkspaces,
  type SlackPorts,
  type Workspaces,
  workspaceNames,
} from './workspaces/workspaces.ts';

/** Which tools there are, and how they act. */
export interface ToolOptions extends ToolSelection, GateOptions {
  /** Lets `@channel`, `@here` and `@everyone` notify. Default `false`. */
  readonly allowBroadcast?: boolean;
  /** Remembers what was posted under which key. Default: in this process. */
  readonly idempotencyStore?: IdempotencyStore;
  /** File that keeps names of channels and users from run to run. Default: none. */
  readonly cacheFile?: string | undefined;
  /** Chooses the Slack token of a caller's tools. Asked again after 5 minutes. Default: the server's own for all. */
  readonly slackTokenFor?: SlackTokenFor | undefined;
}

/** Options of `createToolService`. */
export interface ToolServiceOptions extends ToolOptions {
  /** Slack; several workspaces by their names, which callers then give as `team`. */
  slack: SlackPorts;
  /** The tools there are, before the selection. Default: all of this package. */
  registry?: ToolRegistry;
  /** Opens Slack with the token of a caller, for `slackTokenFor`. */
  openSlack?: ((token: string) => SlackPort) | undefined;
  logger: Logger;
  /** Called after every call of a tool that exists. `outcome`: `ok`, `cancelled` or the code of the failure. */
  onToolCall?: (call: { tool: string; outcome: string; durationMs: number }) => void;
}

/** Whose call of a tool it is, and how it ends early. */
export interface CallOptions extends Pick<CallOrigin, 'caller'> {
  signal?: AbortSignal;
  /** Receives what happens while it runs. Default: nothing does. */
  reports?: CallReports | undefined;
}

/** The tools of one process, for whatever serves them. */
export interface ToolService {
  /** The tools that are served, and their toolsets. */
  readonly registry: ToolRegistry;
  /** The tools in the order in which clients see them. Asking needs no network. */
  readonly tools: readonly ToolDescription[];
  /** The tools that a caller has the rights to: the same list every time. */
  toolsFor(caller: Caller | undefined): readonly ToolDescription[];
  /** What a client reports to its model about these tools. */
  readonly instructions: string;
  /**
   * Calls a tool. What fails is in the result.
   *
   * @throws UnknownToolError when there is no such tool
   * @throws the signal's reason once it is aborted
   */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolResult>;
  readonly workspaces: Workspaces;
  close(): void;
}

/**
 * Opens nothing and calls nobody.
 *
 * @throws ConfigurationError for an unknown toolset or tool, or a list of channels that cannot be read
 */
export function createToolService(options: ToolServiceOptions): ToolService {
  const { slack, logger, onToolCall, registry: known = allToolsets } = options;
  const registry = selectTools(known, options);
  const workspaces = openAll(options);
  const tools = registry.tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) =>
    withTeamArgument({ name, title, description, inputSchema, outputSchema, annotations }, workspaces.names),
  );
  const reading = tools.filter(({ annotations }) => annotations.readOnlyHint);

  async function run(
    tool: RegisteredTool,
    args: unknown,
    { signal, caller, reports }: CallOptions & { signal: AbortSignal },
  ): Promise<ToolResult> {
    const writes = !tool.annotations.readOnlyHint;
    if (writes && !mayWrite(caller)) return toolFailure(lacksRights(tool, caller));
    const { team, rest } = workspaces.names.length === 0 ? { rest: args } : takeTeam(args);
    let workspace: Workspace;
    try {
      workspace = await workspaces.of({ team, caller, signal });
    } catch (error) {
      signal.throwIfAborted();
      return toolFailure(failureOf(error, tool.name, logger));
    }
    const result = await tool.execute(rest, workspace.contextFor({ writes }, { signal, reports, caller: caller?.id }));
    // Not before the token is seen to work, and to be used.
    if (result.isError !== true) workspace.warm();
    return result;
  }

  function unknownTool(name: string): UnknownToolError {
    const withheld = known.get(name);
    const writes = withheld?.annotations.readOnlyHint === false;
    const why = options.readOnly === true && writes ? 'read_only' : 'not_selected';
    return new UnknownToolError(
      name,
      tools.map((tool) => tool.name),
      withheld && why,
    );
  }

  return {
    registry,
    tools,
    toolsFor: (caller) => (mayWrite(caller) ? tools : reading),
    instructions: toolInstructions(registry),
    workspaces,
    async callTool(name, args, call = {}) {
      const { signal = new AbortController().signal, caller, reports } = call;
      const tool = registry.get(name);
      if (tool === undefined) throw unknownTool(name);
      const started = performance.now();
      let outcome = 'cancelled';
      try {
        const result = await run(tool, args, { ...call, signal });
        outcome = result._meta?.[FAILURE_META_KEY].code ?? 'ok';
        if (outcome !== 'ok') reports?.log('warning', 'tool_failed', { tool: name, code: outcome });
        return result;
      } finally {
        const durationMs = performance.now() - started;
        onToolCall?.({ tool: name, outcome, durationMs });
        logger.info(
          { tool: name, ...(caller && { caller: caller.id }), durationMs: Math.round(durationMs), outcome },
          'mcp_tool_executed',
        );
      }
    },
    close: () => workspaces.close(),
  };

  function openAll({ openSlack, slackTokenFor, allowBroadcast = false, cacheFile }: ToolServiceOptions): Workspaces {
    const { idempotencyStore = createMemoryIdempotencyStore() } = options;
    const rules = resolveGateRules(options, workspaceNames(slack));
    const base = { rules, allowBroadcast, idempotencyStore, cacheFile, logger };
    const shared = openWorkspaces(slack, (port, name) => openWorkspace({ ...base, name, slack: port }));
    if (slackTokenFor === undefined || openSlack === undefined) return shared;
    return withCallersTokens(shared, {
      tokenFor: slackTokenFor,
      // The file holds the names that one token sees.
      open: (token, name) => openWorkspace({ ...base, name, slack: openSlack(token), cacheFile: undefined }),
      logger,
    });
  }
}

function lacksRights({ name }: RegisteredTool, caller: Caller | undefined): ToolFailure {
  return {
    code: 'insufficient_rights',
    message: `${name}: it writes, and ${caller?.id} may only read. Do without it, or ask the operator of this server for the right to write.`,
    details: { needed: 'write' },
  };
}
