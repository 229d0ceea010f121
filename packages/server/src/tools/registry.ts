import type { Tool } from './define-tool.ts';
import { type GateRules, gate } from './gates/gate.ts';

/** Tools in the order in which they are listed, by unique names. */
export interface ToolRegistry {
  readonly tools: readonly Tool[];
  get(name: string): Tool | undefined;
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

/** The part of a registry that is served. */
export function selectTools(registry: ToolRegistry, rules: GateRules): ToolRegistry {
  return createToolRegistry(
    registry.tools.filter(
      ({ annotations, toolset }) => gate(rules, { tool: { writes: !annotations.readOnlyHint, toolset } }) === undefined,
    ),
  );
}
