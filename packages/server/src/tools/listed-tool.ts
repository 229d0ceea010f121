import { withFormatArgument } from './answers/format-argument.ts';
import type { Tool, ToolDescription } from './define-tool.ts';

/**
 * Returns the part of a tool that clients receive in the list of tools.
 *
 * @param output - whether answers are text or JSON; only tools that answer with JSON have an output schema
 */
export function listedTool(tool: Tool, output: 'text' | 'json' = 'text'): ToolDescription {
  const { name, title, description, inputSchema, annotations } = tool;
  if (output === 'json') {
    return { name, title, description, inputSchema, outputSchema: tool.outputSchema, annotations };
  }
  return withFormatArgument({ name, title, description, inputSchema, annotations });
}
