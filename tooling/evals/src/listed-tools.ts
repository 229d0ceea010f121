import { z } from 'zod';
import type { ToolDescription } from '../../../packages/server/src/tools/define-tool.ts';
import { listedTool } from '../../../packages/server/src/tools/listed-tool.ts';
import type { ToolRegistry } from '../../../packages/server/src/tools/registry.ts';
import { selectTools } from '../../../packages/server/src/tools/select-tools.ts';
import { toolInstructions } from '../../../packages/server/src/tools/tool-instructions.ts';
import { allToolsets } from '../../../packages/server/src/tools/toolsets/all-toolsets.ts';

/** What a client shows to its model. */
export interface ToolList {
  readonly tools: readonly ToolDescription[];
  readonly instructions: string;
  /** When to use the tools, by name: the first sentence of their usage prompts. */
  readonly usage?: ReadonlyMap<string, readonly string[]>;
}

/** The default tools, or the tools of further toolsets, for an app with both tokens. */
export function listedTools(toolsets: readonly string[] = []): ToolList {
  const registry: ToolRegistry = selectTools(allToolsets, { toolsets }, ['bot', 'user']);
  return {
    tools: registry.tools.map((tool) => listedTool(tool)),
    instructions: toolInstructions(registry),
    usage: new Map(registry.tools.map(({ name, usage }) => [name, usage === undefined ? [] : [usage.when]])),
  };
}

/** Returns a check of arguments against the schema that clients see. */
export function schemaOf({ inputSchema }: Pick<ToolDescription, 'inputSchema'>): z.ZodType {
  return z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0]);
}
