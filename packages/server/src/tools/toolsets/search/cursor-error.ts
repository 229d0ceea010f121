import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../../explained-error.ts';

/** Thrown for a cursor of another search method, which a call can contain if the scopes of the token have changed. */
export class CursorError extends Error implements ExplainedError {
  override readonly name: string = 'CursorError';
  readonly code: string = 'invalid_arguments';
  readonly nextStep: string = 'Call again without cursor.';
  readonly details: JsonObject = {};

  constructor() {
    super('cursor: this cursor belongs to another search method, because the scopes of the user token have changed.');
  }
}
