import type { JsonObject, Logger } from '@slack-mcp/core';
import { SlackApiError } from '@slack-mcp/slack';
import type { AnswerFormat } from './answers/answer-format.ts';
import { fieldsText } from './answers/fields-text.ts';
import { explanationOf, isExplained } from './explained-error.ts';
import { removeInvisible } from './messages/readable-text.ts';
import type { TextContent, ToolContent } from './tool-content.ts';

/**
 * The key in `_meta` under which a failed result contains its `ToolFailure`, for programs. The text of the result
 * contains the same information for models.
 */
export const FAILURE_META_KEY = 'slack-mcp/error';

/** Maximum number of problems with the arguments, as Slack reports them, that a failure lists. */
const MOST_PROBLEMS = 10;
const LONGEST_PROBLEM = 300;

/** The result of a tool call, in MCP's format. */
export interface ToolResult {
  [key: string]: unknown;
  /** The output as text, and further content. */
  content: [TextContent, ...ToolContent[]];
  structuredContent?: JsonObject;
  isError?: true;
  _meta?: { [FAILURE_META_KEY]: ToolFailure };
}

/** Why a tool failed and what to do next. */
export interface ToolFailure {
  [key: string]: unknown;
  /** A stable code, such as `invalid_arguments`, `unknown_channel`, `rate_limited` or `incomplete`. */
  code: string;
  message: string;
  details: JsonObject;
  /** The work that was done before the failure, in the format of the tool's output. */
  output?: JsonObject;
}

/** How to show the output of a tool. */
export interface ShownOutput {
  readonly format: AnswerFormat;
  /** Returns the output as compact text. Default: one line per field. */
  readonly textOf?: ((output: JsonObject) => string) | undefined;
  /** Names of arguments that the tool ignored. */
  readonly ignored?: readonly string[];
  /** Content in addition to the output. */
  readonly content?: readonly ToolContent[];
}

/** Creates the result of a tool that succeeded. */
export function toolSuccess(
  output: JsonObject,
  { format, textOf, ignored = [], content = [] }: ShownOutput,
): ToolResult {
  const extra = ignored.length === 0 ? {} : { ignored_arguments: ignored.map((name) => name.slice(0, 60)) };
  if (format !== 'text') {
    const { content: json, ...rest } = jsonAnswer(ignored.length === 0 ? output : { ...output, ...extra }, format);
    return { content: [...json, ...content], ...rest };
  }
  const text = [(textOf ?? fieldsText)(output), fieldsText(extra)].filter(Boolean).join('\n');
  return { content: [{ type: 'text', text: removeInvisible(text) }, ...content] };
}

/** Creates the result of a tool that failed. */
export function toolFailure(failure: ToolFailure, format: AnswerFormat = 'text'): ToolResult {
  const { message, output } = failure;
  const done = output && toolSuccess(output, { format });
  return {
    ...done,
    content: [{ type: 'text', text: removeInvisible(message) }, ...(done?.content ?? [])],
    isError: true,
    _meta: { [FAILURE_META_KEY]: failure },
  };
}

function jsonAnswer(output: JsonObject, format: 'json' | 'structured'): ToolResult {
  const { text, value } = visibleJson(output);
  return { content: [{ type: 'text', text }], ...(format === 'structured' && { structuredContent: value }) };
}

/** Returns an output as JSON text and as a value, without the characters that readers of Slack cannot see. */
function visibleJson(output: JsonObject): { text: string; value: JsonObject } {
  const text = JSON.stringify(output);
  const visible = removeInvisible(text);
  return { text: visible, value: visible === text ? output : (JSON.parse(visible) as JsonObject) };
}

/**
 * Describes an error that ended a tool. An unexpected error is logged without its message and reported as an internal
 * error.
 */
export function failureOf(error: unknown, tool: string, logger: Logger): ToolFailure {
  if (isExplained(error)) {
    const { code, details, output } = error;
    const failure = { code, message: `${tool}: ${explanationOf(error)}${problemsOf(error)}`, details };
    return output === undefined ? failure : { ...failure, output };
  }
  logger.error(
    { tool, error: error instanceof Error ? error.name : typeof error, frames: framesOf(error) },
    'mcp_tool_broken',
  );
  return {
    code: 'internal_error',
    message: `${tool}: internal server error. Try again; if it persists, check the server's log.`,
    details: {},
  };
}

/**
 * Returns the problems that Slack found in single arguments of a call, for example in a block. The problems are never
 * logged, because they may quote the arguments.
 */
function problemsOf(error: Error): string {
  const refusal = error instanceof SlackApiError ? error : error.cause;
  if (!(refusal instanceof SlackApiError) || refusal.messages.length === 0) return '';
  const problems = refusal.messages.slice(0, MOST_PROBLEMS).map((problem) => problem.slice(0, LONGEST_PROBLEM));
  return ` Slack reports these problems: ${problems.join('; ')}`;
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  return error.stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
