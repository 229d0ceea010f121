import type { JsonObject } from '@slack-mcp/core';
import { type ExplainedError, isExplained } from './explained-error.ts';

/** Thrown by a tool that completed only part of its work. */
export class ToolError extends Error implements ExplainedError {
  readonly code = 'incomplete';
  readonly nextStep: string;
  /** Which parts of the work were done and which were not, in the format of the tool's output. */
  readonly output: JsonObject;

  /** @param options - `nextStep` says what to do next; `cause` is the error that ended the work */
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
