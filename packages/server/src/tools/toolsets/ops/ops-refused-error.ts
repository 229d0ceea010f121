import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../../explained-error.ts';

/** Thrown if the operations API refuses the request of a tool. */
export class OpsRefusedError extends Error implements ExplainedError {
  readonly code = 'ops_refused';
  readonly nextStep = '';
  readonly details: JsonObject;

  constructor(message: string, details: JsonObject) {
    super(message);
    this.name = 'OpsRefusedError';
    this.details = details;
  }
}
