import type { JsonObject } from '@slack-mcp/core';
import { type ExplainedError, isExplained } from './explained-error.ts';

/** Thrown by a tool that completed only part of its work. */
export class ToolError extends Error implements ExplainedError {
  readonly code = 'incomplete';
  readonly nextStep: string;
  /** What was done and what was not, in the shape of the tool's output. */
  readonly output: JsonObject;

  /** @param options - `nextStep`: what to do now; `cause`: the error that ended the work */
  constructor(message: string, output: JsonObject, options: { nextStep?: string; cause?: unknown } = {}) {
    const { nextStep = '', cause } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ToolError';
    this.nextStep = nextStep;
    this.output = output;
  }

  get details(): JsonObject {
    return isExplained(this.cause) ? { cause: this.cause.code, ...this.cause.details } : {};
  }
}
