import { ConfigurationError } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import type { Tool } from './define-tool.ts';
import { nearestNames } from './directory/nearest-names.ts';
import { createToolRegistry, type ToolRegistry } from './registry.ts';

/** Selects the tools to serve. `excludeTools` and `readOnly` always take precedence. */
export interface ToolSelection {
  /** Omits all tools that write. Default: `false`. */
  readonly readOnly?: boolean;
  /** Toolsets to serve in addition to the default toolsets, or `all`. */
  readonly toolsets?: readonly string[];
  /** Names of tools to serve in addition to the tools of the toolsets. */
  readonly tools?: readonly string[];
  /** Names of tools to omit. */
  readonly excludeTools?: readonly string[];
}

/** The names of the settings, for error messages. */
const SETTINGS = {
  toolsets: 'SLACK_MCP_TOOLSETS',
  tools: 'SLACK_MCP_TOOLS',
  excludeTools: 'SLACK_MCP_EXCLUDE_TOOLS',
} as const;

/**
 * Returns a registry with only the selected tools. A toolset without selected tools is omitted.
 *
 * @param kinds - the kinds of token that exist; tools that cannot use any of these kinds are omitted
 * @throws ConfigurationError - a toolset or a tool does not exist
 */
export function selectTools(
  registry: ToolRegistry,
  selection: ToolSelection,
  kinds: readonly TokenKind[] = ['bot'],
): ToolRegistry {
  const { readOnly = false } = selection;
  const lower = (names: readonly string[] = []): readonly string[] => names.map((name) => name.toLowerCase());
  const [toolsets, tools, excludeTools] = [selection.toolsets, selection.tools, selection.excludeTools].map(lower) as [
    readonly string[],
    readonly string[],
    readonly string[],
  ];
  checkToolsets(registry, toolsets);
  checkTools(registry, SETTINGS.tools, tools);
  checkTools(registry, SETTINGS.excludeTools, excludeTools);
  const named = (names: readonly string[]): readonly string[] => names.map((name) => registry.get(name)?.name ?? name);
  const [added, excluded] = [named(tools), named(excludeTools)];
  const on = new Set(
    registry.toolsets.filter(
      (set) => set.default || (toolsets.includes('all') && set.inAll !== false) || toolsets.includes(set.id),
    ),
  );
  const isServed = ({ name, annotations, tokens }: Tool, isOn: boolean): boolean =>
    tokens.some((kind) => kinds.includes(kind)) &&
    (isOn || added.includes(name)) &&
    !excluded.includes(name) &&
    !(readOnly && !annotations.readOnlyHint);
  return createToolRegistry(
    registry.toolsets
      .map((set) => ({ ...set, tools: set.tools.filter((tool) => isServed(tool, on.has(set))) }))
      .filter((set) => set.tools.length > 0),
  );
}

function checkToolsets(registry: ToolRegistry, names: readonly string[]): void {
  const existing = registry.toolsets.map(({ id }) => id);
  const wrong = names.find((name) => name !== 'all' && !existing.includes(name));
  if (wrong === undefined) return;
  if (wrong === 'ops') {
    throw new ConfigurationError(
      `${SETTINGS.toolsets}: the toolset ops needs slack-integrated-server and a key in SLACK_MCP_OPS_KEY: start that server with a key, or remove ops from the list`,
    );
  }
  const [nearest = 'all'] = nearestNames(wrong.slice(0, 100), existing, 1);
  throw new ConfigurationError(
    `${SETTINGS.toolsets}: no toolset is named ${JSON.stringify(wrong.slice(0, 60))}; known: all, ${existing.join(', ')} (for example ${SETTINGS.toolsets}=${nearest})`,
  );
}

function checkTools(registry: ToolRegistry, setting: string, names: readonly string[]): void {
  const wrong = names.find((name) => registry.get(name) === undefined);
  if (wrong === undefined) return;
  const existing = registry.tools.map(({ name }) => name);
  const [nearest = existing[0]] = nearestNames(wrong.slice(0, 100), existing);
  throw new ConfigurationError(
    `${setting}: no tool is named ${JSON.stringify(wrong.slice(0, 60))}; known: ${existing.join(', ')} (for example ${setting}=${nearest})`,
  );
}
