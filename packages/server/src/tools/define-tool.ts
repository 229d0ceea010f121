import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import { z } from 'zod';
import { parseArguments } from './arguments/parse-arguments.ts';
import { lazily } from './lazily.ts';
import { missingScope } from './missing-scope.ts';
import { OutputWithContent } from './tool-content.ts';
import type { ToolContext } from './tool-context.ts';
import { failureOf, type ToolResult, toolFailure, toolSuccess } from './tool-result.ts';
import type { ToolUsage } from './tool-usage.ts';

/** The hints about a tool's effects that clients receive. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  /** Whether the tool may change or remove existing data; always false for a read-only tool. */
  readonly destructiveHint: boolean;
  /** Whether a repeated call with the same arguments has no further effect. */
  readonly idempotentHint: boolean;
  /** Always true, because tools return content that other people wrote in Slack. */
  readonly openWorldHint: true;
}

/** A tool as clients see it. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject & { type: 'object' };
  /** Absent if answers have no structured content. */
  readonly outputSchema?: JsonObject & { type: 'object' };
  readonly annotations: ToolAnnotations;
}

/** A tool, described independently of the protocol that serves it. */
export interface Tool extends ToolDescription {
  readonly outputSchema: JsonObject & { type: 'object' };
  /** Names that the tool had before. Calls and settings may still use them; lists contain only `name`. */
  readonly aliases: readonly string[];
  /**
   * OAuth scopes: the token must have at least one of them. With any one of them, the tool can do at least part of its
   * work.
   */
  readonly scopes: readonly string[];
  /** The scopes in `scopes` that the manifest of an app requests. */
  readonly manifestScopes: readonly string[];
  /** Scopes for single parts of the tool's work, such as the scope to find people by email address. */
  readonly moreScopes: readonly string[];
  /**
   * Whether the tool uses the user token for content that the bot cannot see. The user token then needs the scopes too.
   */
  readonly alsoAsPerson: boolean;
  /** The kinds of tokens that the tool can use, the preferred kind first. */
  readonly tokens: readonly TokenKind[];
  /** Whether a call may take a long time. Clients can run such a call as a task. */
  readonly long: boolean;
  /** Advice on when and how to use the tool, in more detail than the description. */
  readonly usage?: ToolUsage | undefined;
  /**
   * Checks the arguments and runs the tool. A failure is part of the result.
   *
   * @throws the abort reason of the context's signal, and no other error
   */
  execute(args: unknown, context: ToolContext): Promise<ToolResult>;
}

/** The argument of `defineTool`. */
export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** The name, which is `slack_` followed by what the tool does. */
  name: string;
  /** Names that the tool had before, which stay valid until the next major version. Default: none. */
  aliases?: readonly string[];
  title: string;
  description: string;
  /** Creates the schema of the arguments. Called at most once, when the tool is first listed or called. */
  input: () => Input;
  /** Creates the schema of the output. Called at most once, when the schema is first read. */
  output: () => Output;
  annotations: Omit<ToolAnnotations, 'openWorldHint'>;
  scopes: readonly string[];
  /** The scopes in `scopes` that the manifest of an app requests. Default: all. */
  manifestScopes?: readonly string[];
  /** Scopes for single parts of the tool's work, such as the scope to find people by email address. Default: none. */
  moreScopes?: readonly string[];
  /** Whether the tool uses the user token for content that the bot cannot see. Default: `false`. */
  alsoAsPerson?: boolean;
  /**
   * The kinds of tokens that the tool can use, the preferred kind first; default: a bot token, otherwise a user token.
   */
  tokens?: readonly TokenKind[];
  /** Whether a call may take a long time. Clients can run such a call as a task. Default: `false`. */
  long?: boolean;
  usage?: ToolUsage;
  /**
   * Returns the output that `output` describes, alone or with further content. Throws a `ToolError` if the tool
   * completed only part of its work.
   */
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output> | OutputWithContent<z.input<Output>>>;
  /** Returns the output as compact text for a model. Default: one line per field. */
  text?(output: z.input<Output>): string;
}

/**
 * Defines a tool. Call this function at module scope, so that the schemas are built only once. The schemas are built on
 * first use, because most servers list only some of the tools, and a server starts faster without schemas.
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, annotations, scopes, run, text } = definition;
  const {
    title,
    description,
    aliases = [],
    manifestScopes = scopes,
    moreScopes = [],
    alsoAsPerson = false,
    tokens = ['bot', 'user'],
    long = false,
    usage,
  } = definition;
  const input = lazily(definition.input);
  const inputSchema = lazily(() => jsonSchema(input(), 'input'));
  const outputSchema = lazily(() => jsonSchema(definition.output(), 'output'));
  return {
    name,
    title,
    description,
    get inputSchema() {
      return inputSchema();
    },
    get outputSchema() {
      return outputSchema();
    },
    annotations: { ...annotations, openWorldHint: true },
    aliases,
    scopes,
    manifestScopes,
    moreScopes,
    alsoAsPerson,
    tokens,
    long,
    usage,
    async execute(args, context) {
      const parsed = parseArguments(input(), args);
      if (!parsed.ok) {
        return toolFailure({ code: 'invalid_arguments', message: `${name}: ${parsed.problem}`, details: {} });
      }
      const only = tokens.length === 1 ? tokens[0] : undefined;
      const lacking = missingScope(scopes, context.slack.grantedScopes(only), only);
      if (lacking !== undefined) return toolFailure({ ...lacking, message: `${name}: ${lacking.message}` });
      try {
        const done = await run(parsed.value, context);
        const { output: value, content } = done instanceof OutputWithContent ? done : new OutputWithContent(done, []);
        const textOf = text && (() => text(value));
        const shown = { format: context.format, textOf, ignored: parsed.ignored, content };
        return toolSuccess(value as JsonObject, shown);
      } catch (error) {
        context.signal.throwIfAborted();
        return toolFailure(failureOf(error, name, context.logger), context.format);
      }
    },
  };
}

/** A JSON Schema of an object. */
type ObjectSchema = JsonObject & { type: 'object' };

/**
 * Converts a Zod schema to JSON Schema, without the parts that cost tokens but add no information: `$schema`, the bounds
 * of safe integers, the minimum length of strings that may not be empty, `propertyNames`, and `additionalProperties`
 * in outputs.
 */
function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema: part }) {
      if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
      if (part.minLength === 1) delete part.minLength;
      delete part.propertyNames;
      if (io === 'output' && part.type === 'object' && part.properties !== undefined) delete part.additionalProperties;
    },
  });
  return rest as ObjectSchema;
}
