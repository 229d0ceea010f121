import type { Tool } from './define-tool.ts';
import type { Toolset } from './toolset.ts';

/** A tool and the toolset that it belongs to. */
export interface RegisteredTool extends Tool {
  /** The ID of the toolset. */
  readonly toolset: string;
}

/** Toolsets and their tools, in listing order and with unique names. */
export interface ToolRegistry {
  readonly toolsets: readonly Toolset[];
  readonly tools: readonly RegisteredTool[];
  /** Returns the tool that has this name, or that had this name before it was renamed. */
  get(name: string): RegisteredTool | undefined;
}

/** Returns a tool with its toolset, without reading the schemas, which are built when they are read. */
function inToolset(toolset: string, tool: Tool): RegisteredTool {
  return Object.defineProperties({ toolset }, Object.getOwnPropertyDescriptors(tool)) as RegisteredTool;
}

/**
 * Creates a registry. The toolsets and tools keep the given order.
 *
 * @throws Error - two toolsets have the same ID, or two tools have the same name or alias
 */
export function createToolRegistry(toolsets: readonly Toolset[]): ToolRegistry {
  const ids = new Set<string>();
  const byName = new Map<string, RegisteredTool>();
  for (const { id, tools } of toolsets) {
    if (ids.has(id)) throw new Error(`Two toolsets have the id ${id}. Rename one of them.`);
    ids.add(id);
    for (const tool of tools) {
      if (byName.has(tool.name)) throw new Error(`Two tools are named ${tool.name}. Rename one of them.`);
      byName.set(tool.name, inToolset(id, tool));
    }
  }
  const byAlias = new Map<string, RegisteredTool>();
  for (const tool of byName.values()) {
    for (const alias of tool.aliases) {
      if (byName.has(alias) || byAlias.has(alias)) {
        throw new Error(
          `The alias ${alias} of the tool ${tool.name} is a name or an alias of another tool. Change one of them.`,
        );
      }
      byAlias.set(alias, tool);
    }
  }
  return { toolsets, tools: [...byName.values()], get: (name) => byName.get(name) ?? byAlias.get(name) };
}
