import type { JsonObject, Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { z } from 'zod';
import type { Progress } from '../mcp/protocol/call-notices.ts';
import { parseArguments } from './arguments/parse-arguments.ts';
import type { NameSource } from './directory/directory.ts';
import type { Posting } from './gates/posting.ts';
import { missingScope } from './missing-scope.ts';
import { failureOf, type ToolResult, toolFailure, toolSuccess } from './tool-result.ts';

/** Groups of tools that are switched on together. */
export type Toolset = 'messages' | 'reactions' | 'emoji';

/** What a client is told about the effects of a tool. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  /** Whether it may change or remove what exists. A tool that only reads never does. */
  readonly destructiveHint: boolean;
  /** Whether calling it again with the same arguments changes nothing more. */
  readonly idempotentHint: boolean;
  /** Slack is an open world: what is read there was written by others. */
  readonly openWorldHint: true;
}

/** What a tool may use while it runs. */
export interface ToolContext {
  readonly slack: SlackPort;
  /** Gives the ids of channels that the tool may use. There is no other way to one. */
  readonly channels: NameSource;
  readonly users: NameSource;
  /** The workspace's own. */
  readonly emoji: NameSource;
  /** How texts are posted. */
  readonly posting: Posting;
  readonly signal: AbortSignal;
  /** Tells the client how far the call has come. For what takes several calls of Slack. */
  readonly progress: Progress;
  /** Never given arguments, texts or tokens. */
  readonly logger: Logger;
}

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
  readonly toolset: Toolset;
  /** Bot token scopes; any of them lets it do something. */
  readonly scopes: readonly string[];
  /** Whether it may take so long that it can be called as a task. */
  readonly long: boolean;
  /**
   * Checks the arguments, runs, and tells failures in the result.
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
  toolset: Toolset;
  scopes: readonly string[];
  /** Whether it may take so long that it can be called as a task. Default `false`. */
  long?: boolean;
  /** Returns what `output` describes; a `ToolError` says that not all of it was done. */
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** Defines a tool. Its JSON schemas are built here, once: call it at module scope. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, input, output, annotations, toolset, scopes, long = false, run } = definition;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    outputSchema: jsonSchema(output, 'output'),
    annotations: { ...annotations, openWorldHint: true },
    toolset,
    scopes,
    long,
    async execute(args, context) {
      const parsed = parseArguments(input, args);
      if (!parsed.ok) {
        return toolFailure({ code: 'invalid_arguments', message: `${name}: ${parsed.problem}`, details: {} });
      }
      const lacking = missingScope(scopes, context.slack.grantedScopes?.());
      if (lacking !== undefined) return toolFailure({ ...lacking, message: `${name}: ${lacking.message}` });
      try {
        return toolSuccess((await run(parsed.value, context)) as JsonObject);
      } catch (error) {
        context.signal.throwIfAborted();
        return toolFailure(failureOf(error, name, context.logger));
      }
    },
  };
}

/** Without what costs tokens and tells nothing: the dialect, the bounds of integers, outputs being closed. */
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
