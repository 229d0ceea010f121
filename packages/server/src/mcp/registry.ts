import { ConfigurationError } from '@slack-mcp/core';
import type { Tool, Toolset } from './define-tool.ts';

/** Toolsets that are on without being asked for. */
export const DEFAULT_TOOLSETS: readonly Toolset[] = ['messages', 'reactions', 'emoji'];

/** Tools in the order in which they are listed, by unique names. */
export interface ToolRegistry {
  readonly tools: readonly Tool[];
  get(name: string): Tool | undefined;
}

/** What `selectTools` goes by. */
export interface ToolSelection {
  /** Leaves out everything that writes. Default `false`. */
  readOnly?: boolean;
  /** Toolsets besides the default ones, or `all`. */
  toolsets?: readonly string[];
}

/**
 * Keeps the order given.
 *
 * @throws Error when two tools have one name
 */
export function createToolRegistry(tools: readonly Tool[]): ToolRegistry {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) throw new Error(`Two tools are named ${tool.name}.`);
    byName.set(tool.name, tool);
  }
  return { tools: [...tools], get: (name) => byName.get(name) };
}

/**
 * The part of a registry that is served.
 *
 * @throws ConfigurationError for a toolset that no tool belongs to
 */
export function selectTools(registry: ToolRegistry, { readOnly = false, toolsets = [] }: ToolSelection): ToolRegistry {
  const known = new Set<string>(registry.tools.map((tool) => tool.toolset));
  for (const name of toolsets) {
    if (name === 'all' || known.has(name)) continue;
    throw new ConfigurationError(
      `SLACK_MCP_TOOLSETS: no toolset is named ${JSON.stringify(name)}; known: all, ${[...known].join(', ')}.`,
    );
  }
  const wanted = new Set<string>([...DEFAULT_TOOLSETS, ...toolsets]);
  return createToolRegistry(
    registry.tools.filter(
      (tool) => (wanted.has('all') || wanted.has(tool.toolset)) && (!readOnly || tool.annotations.readOnlyHint),
    ),
  );
}
