import type { Tool, ToolDescription } from './define-tool.ts';

/** Returns the part of a tool that clients receive in the list of tools. */
export function listedTool({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
}: Tool): ToolDescription {
  return { name, title, description, inputSchema, outputSchema, annotations };
}
