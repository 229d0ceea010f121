import type { JsonObject, Logger } from '@slack-mcp/core';
import {
  explainSlackError,
  SlackApiError,
  SlackCircuitOpenError,
  SlackError,
  SlackRateLimitedError,
} from '@slack-mcp/slack';
import { NameError, NamesLoadingError } from './directory/name-errors.ts';
import { NotAllowedError } from './gates/channel-gate.ts';
import { IdempotencyError } from './gates/idempotency/idempotency.ts';
import { TeamError } from './workspaces/team-error.ts';

/** Where a failed result keeps its `ToolFailure` for programs; the text says the same for models. */
export const FAILURE_META_KEY = 'slack-mcp/error';

/** What a call of a tool gave. The `CallToolResult` of the protocol, whichever SDK serves it. */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: JsonObject;
  isError?: true;
  _meta?: { [FAILURE_META_KEY]: ToolFailure };
}

/** Why a tool failed and what to do next. */
export interface ToolFailure {
  [key: string]: unknown;
  /** Stable: `invalid_arguments`, `unknown_channel`, `rate_limited`, `slack_error`, `incomplete`, … */
  code: string;
  message: string;
  details: JsonObject;
  /** What was done before it failed, in the shape of the tool's output. */
  output?: JsonObject;
}

/** Thrown by a tool that did a part of what it was asked for. */
export class ToolError extends Error {
  /** What was done and what was not, in the shape of the tool's output. */
  readonly output: JsonObject;

  constructor(message: string, output: JsonObject, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ToolError';
    this.output = output;
  }
}

/** The result of a tool that did what it was asked for. */
export function toolSuccess(output: JsonObject): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
}

/** The result of a tool that failed. */
export function toolFailure(failure: ToolFailure): ToolResult {
  const { message, output } = failure;
  const content: ToolResult['content'] = [{ type: 'text', text: message }];
  if (output !== undefined) content.push({ type: 'text', text: JSON.stringify(output) });
  return {
    content,
    ...(output === undefined ? {} : { structuredContent: output }),
    isError: true,
    _meta: { [FAILURE_META_KEY]: failure },
  };
}

/** The text of an error of a Slack call with what to do next: for models, and safe to show. */
export function describeSlackError(error: SlackError): string {
  return `${error.message} ${explainSlackError(error)}`;
}

/** Describes an error that ended a tool. What nobody foresaw is logged, without its message, and told as internal. */
export function failureOf(error: unknown, tool: string, logger: Logger): ToolFailure {
  if (error instanceof ToolError) {
    const failure = error.cause === undefined ? undefined : failureOf(error.cause, tool, logger);
    return {
      code: 'incomplete',
      message: `${tool}: ${error.message}`,
      details: failure === undefined ? {} : { cause: failure.code, ...failure.details },
      output: error.output,
    };
  }
  const details = detailsOfRefusal(error);
  if (details !== undefined) {
    const { code, message } = error as Error & { code: string };
    return { code, message: `${tool}: ${message}`, details };
  }
  if (error instanceof SlackError) {
    return { code: error.code, message: `${tool}: ${describeSlackError(error)}`, details: detailsOf(error) };
  }
  logger.error(
    { tool, error: error instanceof Error ? error.name : typeof error, frames: framesOf(error) },
    'mcp_tool_broken',
  );
  return {
    code: 'internal_error',
    message: `${tool}: internal error of this server. ${explainSlackError(error)}`,
    details: {},
  };
}

/** What our own refusals tell programs; undefined for every other error. */
function detailsOfRefusal(error: unknown): JsonObject | undefined {
  if (error instanceof NameError || error instanceof TeamError) return { candidates: [...error.candidates] };
  if (error instanceof NamesLoadingError) return { retry_after_s: error.retryAfterSeconds };
  if (error instanceof NotAllowedError) return { setting: error.setting };
  return error instanceof IdempotencyError ? {} : undefined;
}

function detailsOf(error: SlackError): JsonObject {
  const details: JsonObject = { method: error.method };
  if (error instanceof SlackRateLimitedError || error instanceof SlackCircuitOpenError) {
    details['retry_after_s'] = error.retryAfterSeconds;
  }
  if (error instanceof SlackApiError) {
    details['slack_error'] = error.slackError;
    if (error.needed !== undefined) details['needed'] = error.needed;
    if (error.provided !== undefined) details['provided'] = error.provided;
  }
  return details;
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  return error.stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
