import type { IdempotencyStore, Logger, SharedIdempotencyStore } from '@slack-mcp/core';
import type { SlackPort, TokenKind } from '@slack-mcp/slack';
import type { AnswerFormat } from './answers/answer-format.ts';
import { takeFormat } from './answers/format-argument.ts';
import type { CallReports } from './call-reports.ts';
import { type Caller, mayWrite } from './caller.ts';
import type { AskPerson } from './confirm.ts';
import type { ToolDescription } from './define-tool.ts';
import { type GateOptions, resolveGateRules } from './gates/gate-rules.ts';
import { createMemoryIdempotencyStore } from './gates/idempotency/memory-idempotency-store.ts';
import { listedTool } from './listed-tool.ts';
import { tokensOf } from './messages/answer-budget.ts';
import { type Narrowing, narrowed } from './narrowing.ts';
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
  portsOf,
  type SlackPorts,
  type Workspaces,
  workspaceNames,
} from './workspaces/workspaces.ts';

/** Options that select the tools to serve and control how they behave. */
export interface ToolOptions extends ToolSelection, GateOptions {
  /** Lets `@channel`, `@here` and `@everyone` in posts notify people. Default: `false`. */
  readonly allowBroadcast?: boolean;
  /**
   * Absolute paths of folders on the server's disk from which callers may upload files. Default: none.
   */
  readonly uploadFolders?: readonly string[];
  /**
   * The form of answers. `text`: compact text for a model. `json`: JSON for programs, as structured content and as text,
   * with output schemas in the list. Default: `text`.
   */
  readonly output?: 'text' | 'json';
  /**
   * Stores which message was posted with which idempotency key: a store, which the caller closes, or a function that
   * opens a store, which the server closes. By default, keys are kept in this process's memory.
   */
  readonly idempotencyStore?: IdempotencyStore | (() => SharedIdempotencyStore);
  /** A file that caches channel and user names across restarts. Default: no file. */
  readonly cacheFile?: string | undefined;
  /**
   * Chooses the Slack token for a caller's tools. Each choice is kept for 5 minutes. By default, the server's own token
   * is used for all callers.
   */
  readonly slackTokenFor?: SlackTokenFor | undefined;
}

/** Options of `createToolService`. */
export interface ToolServiceOptions extends ToolOptions {
  /** One Slack workspace, or several workspaces by name. With several workspaces, callers pass the name as `team`. */
  slack: SlackPorts;
  /** The available tools, before selection; default: all tools of this package. */
  registry?: ToolRegistry;
  /** Creates the Slack client for a token that `slackTokenFor` returned. */
  openSlack?: ((token: string, workspace: string | undefined) => SlackPort) | undefined;
  logger: Logger;
  /** Called after every call of a known tool. */
  onToolCall?: (call: ToolCallReport) => void;
}

/** The measurements of a tool call. */
export interface ToolCallReport {
  readonly tool: string;
  /** `ok`, `cancelled` or the code of the failure. */
  readonly outcome: string;
  readonly durationMs: number;
  /** The estimated number of model tokens in the texts of the answer. */
  readonly answerTokens: number;
}

/** The caller of a tool, and a signal that cancels the call. */
export interface CallOptions extends Pick<CallOrigin, 'caller'> {
  signal?: AbortSignal;
  /** The request's own selection of tools. A tool outside the selection counts as unknown. */
  narrowing?: Narrowing | undefined;
  /** Receives progress and log messages while the call runs; by default, the messages are dropped. */
  reports?: CallReports | undefined;
  /** Asks the person who uses the client before a tool deletes data; by default, tools do not ask. */
  ask?: AskPerson | undefined;
  /** The form of the answer. By default, the server's setting and the argument `format` decide. */
  format?: AnswerFormat | undefined;
}

/** The tools of one process, for every protocol that serves them. */
export interface ToolService {
  /** The served tools and their toolsets. */
  readonly registry: ToolRegistry;
  /** The tools in listing order. Reading the list needs no network. */
  readonly tools: readonly ToolDescription[];
  /**
   * Returns the tools that a caller has the rights to call, without building their schemas.
   *
   * @param narrowing - the request's own selection of tools
   * @throws NarrowingError - the selection names a tool or toolset that is not served
   */
  servedTo(caller: Caller | undefined, narrowing?: Narrowing): readonly RegisteredTool[];
  /**
   * Returns the descriptions of the tools that a caller has the rights to call.
   *
   * @param narrowing - the request's own selection of tools
   * @throws NarrowingError - the selection names a tool or toolset that is not served
   */
  toolsFor(caller: Caller | undefined, narrowing?: Narrowing): readonly ToolDescription[];
  /** The instructions that clients give their model about all served tools. */
  readonly instructions: string;
  /** Returns the instructions for a client that sees only these tools. */
  instructionsFor(tools: readonly Pick<ToolDescription, 'name'>[]): string;
  /**
   * Calls a tool. A failure is part of the result.
   *
   * @throws UnknownToolError - no tool with this name is served
   * @throws NarrowingError - the selection of the request names a tool or toolset that is not served
   * @throws the signal's abort reason
   */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolResult>;
  readonly workspaces: Workspaces;
  close(): Promise<void>;
}

/**
 * Creates a tool service. Opens no connection and makes no calls.
 *
 * @throws ConfigurationError - a toolset or tool is unknown, or a channel list is invalid
 */
export function createToolService(options: ToolServiceOptions): ToolService {
  const { slack, logger, onToolCall, registry: known = allToolsets } = options;
  const kinds = tokenKinds(options);
  const registry = selectTools(known, options, kinds);
  const { idempotencyStore: source = createMemoryIdempotencyStore() } = options;
  const opened = typeof source === 'function' ? source() : undefined;
  const workspaces = openAll(options);
  const { output = 'text' } = options;
  let listed: readonly ToolDescription[] | undefined;
  /** Builds the list when it is asked for, so that servers start faster. */
  const list = (): readonly ToolDescription[] => {
    listed ??= registry.tools.map((tool) => withTeamArgument(listedTool(tool, output), workspaces.names));
    return listed;
  };

  function servedTo(caller: Caller | undefined, narrowing?: Narrowing): readonly RegisteredTool[] {
    const own = mayWrite(caller) ? registry.tools : registry.tools.filter((tool) => tool.annotations.readOnlyHint);
    return narrowing === undefined ? own : own.filter(narrowed(registry, narrowing));
  }

  async function run(
    tool: RegisteredTool,
    args: unknown,
    { signal, caller, reports, ask, format: wanted }: CallOptions & { signal: AbortSignal },
  ): Promise<ToolResult> {
    const writes = !tool.annotations.readOnlyHint;
    if (writes && !mayWrite(caller)) return toolFailure(lacksRights(tool, caller));
    const asked = takeFormat(tool, args);
    const format = wanted ?? (output === 'json' ? 'structured' : asked.format);
    const { team, rest } = workspaces.names.length === 0 ? { rest: asked.rest } : takeTeam(asked.rest);
    let workspace: Workspace;
    try {
      workspace = await workspaces.of({ team, caller, signal });
    } catch (error) {
      signal.throwIfAborted();
      return toolFailure(failureOf(error, tool.name, logger));
    }
    const result = await tool.execute(
      rest,
      workspace.contextFor({ writes }, { signal, reports, ask, caller: caller?.id, format }),
    );
    // Only after a call shows that the token works and is used.
    if (result.isError !== true) workspace.warm();
    return result;
  }

  function unknownTool(name: string): UnknownToolError {
    const withheld = known.get(name);
    const writes = withheld?.annotations.readOnlyHint === false;
    const hasToken = withheld?.tokens.some((kind) => kinds.includes(kind)) !== false;
    const why = options.readOnly === true && writes ? 'read_only' : hasToken ? 'not_selected' : 'no_token';
    return new UnknownToolError(
      name,
      registry.tools.map((tool) => tool.name),
      withheld && why,
    );
  }

  function instructionsFor(shown: readonly Pick<ToolDescription, 'name'>[]): string {
    const names = new Set(shown.map(({ name }) => name));
    return toolInstructions({ toolsets: registry.toolsets, names, kinds });
  }

  return {
    registry,
    get tools() {
      return list();
    },
    servedTo,
    toolsFor(caller, narrowing) {
      const served = servedTo(caller, narrowing);
      if (served === registry.tools) return list();
      const names = new Set(served.map(({ name }) => name));
      return list().filter(({ name }) => names.has(name));
    },
    get instructions() {
      return instructionsFor(registry.tools);
    },
    instructionsFor,
    workspaces,
    async callTool(name, args, call = {}) {
      const { signal = new AbortController().signal, caller, reports } = call;
      const tool = registry.get(name);
      if (tool === undefined) throw unknownTool(name);
      if (call.narrowing !== undefined && !narrowed(registry, call.narrowing)(tool)) {
        const kept = registry.tools.filter(narrowed(registry, call.narrowing));
        throw new UnknownToolError(
          name,
          kept.map((one) => one.name),
          'not_in_request',
        );
      }
      const started = performance.now();
      let outcome = 'cancelled';
      let answerTokens = 0;
      try {
        const result = await run(tool, args, { ...call, signal });
        outcome = result._meta?.[FAILURE_META_KEY].code ?? 'ok';
        answerTokens = answerTokensOf(result);
        if (outcome !== 'ok') reports?.log('warning', 'tool_failed', { tool: tool.name, code: outcome });
        return result;
      } finally {
        const durationMs = performance.now() - started;
        onToolCall?.({ tool: tool.name, outcome, durationMs, answerTokens });
        logger.info(
          { tool: tool.name, ...(caller && { caller: caller.id }), durationMs: Math.round(durationMs), outcome },
          'mcp_tool_executed',
        );
      }
    },
    async close() {
      workspaces.close();
      await opened?.close();
    },
  };

  function openAll(settings: ToolServiceOptions): Workspaces {
    const { openSlack, slackTokenFor, allowBroadcast = false, uploadFolders = [], cacheFile } = settings;
    const idempotencyStore = typeof source === 'function' ? (opened as IdempotencyStore) : source;
    const rules = resolveGateRules(options, workspaceNames(slack));
    const base = { rules, allowBroadcast, uploadFolders, idempotencyStore, cacheFile, logger };
    const shared = openWorkspaces(slack, (port, name) => openWorkspace({ ...base, name, slack: port }));
    if (slackTokenFor === undefined || openSlack === undefined) return shared;
    return withCallersTokens(shared, {
      tokenFor: slackTokenFor,
      // The cache file holds the names that the server's own token sees.
      open: (token, name) => openWorkspace({ ...base, name, slack: openSlack(token, name), cacheFile: undefined }),
      logger,
    });
  }
}

/** Returns the kinds of token that calls can use. With `slackTokenFor`, callers may have tokens of either kind. */
function tokenKinds({ slack, slackTokenFor }: ToolServiceOptions): readonly TokenKind[] {
  if (slackTokenFor !== undefined) return ['bot', 'user'];
  const kinds = new Set(portsOf(slack).flatMap(({ tokenKinds: known = [] }) => known));
  // Without a token, the tools are listed nevertheless: their errors name the setting.
  return kinds.size === 0 ? ['bot'] : [...kinds];
}

function answerTokensOf({ content }: ToolResult): number {
  return Math.ceil(content.reduce((sum, item) => sum + (item.type === 'text' ? tokensOf(item.text) : 0), 0));
}

function lacksRights({ name }: RegisteredTool, caller: Caller | undefined): ToolFailure {
  return {
    code: 'insufficient_rights',
    message: `${name}: this tool writes, but ${caller?.id} may only read. Continue without it, or ask the operator of this server for write access.`,
    details: { needed: 'write' },
  };
}
