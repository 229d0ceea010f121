import { unwrapArguments } from '../arguments/parse-arguments.ts';
import type { ToolDescription } from '../define-tool.ts';
import type { AnswerFormat } from './answer-format.ts';

/** Adds the argument `format` to a tool that reads. Other tools accept the argument without listing it. */
export function withFormatArgument(tool: ToolDescription): ToolDescription {
  const { properties } = tool.inputSchema;
  const own = properties as Record<string, unknown>;
  if (!tool.annotations.readOnlyHint || 'format' in own) return tool;
  const format = { type: 'string', enum: ['text', 'json'] };
  return { ...tool, inputSchema: { ...tool.inputSchema, properties: { ...own, format } } };
}

/** Separates the argument `format` from the tool's own arguments. Values other than `json` select the default. */
export function takeFormat(tool: ToolDescription, args: unknown): { format: AnswerFormat; rest: unknown } {
  const given = unwrapArguments(args ?? {});
  const isPlain = typeof given === 'object' && given !== null && 'format' in given;
  if (!isPlain || 'format' in (tool.inputSchema['properties'] as object)) return { format: 'text', rest: args };
  const { format, ...rest } = given as { format?: unknown };
  return { format: /^\s*json\s*$/i.test(String(format)) ? 'json' : 'text', rest };
}
