import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { parseArguments } from './arguments/parse-arguments.ts';
import { missingScope } from './missing-scope.ts';
import type { ToolContext } from './tool-context.ts';
import { failureOf, type ToolResult, toolFailure, toolSuccess } from './tool-result.ts';
import type { ToolUsage } from './tool-usage.ts';

/** What a client learns of the effects of a tool. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  /** Whether it may change or remove what exists. A tool that only reads never does. */
  readonly destructiveHint: boolean;
  /** Whether calling it again with the same arguments changes nothing more. */
  readonly idempotentHint: boolean;
  /** Slack is an open world: what is read there was written by others. */
  readonly openWorldHint: true;
}

/** A token that Slack gives to an app: for its bot, or for a user who installed it. */
export type TokenKind = 'bot' | 'user';

/** A tool as clients see it. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject & { type: 'object' };
  readonly outputSchema: JsonObject & { type: 'object' };
  readonly annotations: ToolAnnotations;
}

/** A tool, independent of what serves it. */
export interface Tool extends ToolDescription {
  /** Scopes of the token; any of them lets the tool do something. */
  readonly scopes: readonly string[];
  /** The tokens that it can work with, the preferred one first. */
  readonly tokens: readonly TokenKind[];
  /** Whether it may take so long that it can be called as a task. */
  readonly long: boolean;
  /** When and how to use it well, at more length than the description. */
  readonly usage?: ToolUsage | undefined;
  /**
   * Checks the arguments and runs. Failures are in the result.
   *
   * @throws only the reason of the context's signal, once it is aborted
   */
  execute(args: unknown, context: ToolContext): Promise<ToolResult>;
}

/** What `defineTool` takes. */
export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** `slack_` and what it does. */
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: Omit<ToolAnnotations, 'openWorldHint'>;
  scopes: readonly string[];
  /** Default: a bot's, else a user's. */
  tokens?: readonly TokenKind[];
  /** Whether it may take so long that it can be called as a task. Default `false`. */
  long?: boolean;
  usage?: ToolUsage;
  /** Returns what `output` describes; a `ToolError` says that only a part was done. */
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** Defines a tool. Its JSON schemas are built here, once: call it at module scope. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, input, output, annotations, scopes, run } = definition;
  const { title, description, tokens = ['bot', 'user'], long = false, usage } = definition;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    outputSchema: jsonSchema(output, 'output'),
    annotations: { ...annotations, openWorldHint: true },
    scopes,
    tokens,
    long,
    usage,
    async execute(args, context) {
      const parsed = parseArguments(input, args);
      if (!parsed.ok) {
        return toolFailure({ code: 'invalid_arguments', message: `${name}: ${parsed.problem}`, details: {} });
      }
      const lacking = missingScope(scopes, context.slack.grantedScopes());
      if (lacking !== undefined) return toolFailure({ ...lacking, message: `${name}: ${lacking.message}` });
      try {
        return toolSuccess((await run(parsed.value, context)) as JsonObject, parsed.ignored);
      } catch (error) {
        context.signal.throwIfAborted();
        return toolFailure(failureOf(error, name, context.logger));
      }
    },
  };
}

/** Without what costs tokens and says nothing: the dialect, the bounds of integers, outputs being closed. */
function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonObject & { type: 'object' } {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema: part }) {
      if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
      if (io === 'output' && part.additionalProperties === false) delete part.additionalProperties;
    },
  });
  return rest as JsonObject & { type: 'object' };
}
