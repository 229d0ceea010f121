import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../../explained-error.ts';

/** A cursor of another method of search. This happens if the scopes of the token changed after the first page. */
export class CursorError extends Error implements ExplainedError {
  override readonly name: string = 'CursorError';
  readonly code: string = 'invalid_arguments';
  readonly nextStep: string = 'Call again without cursor.';
  readonly details: JsonObject = {};

  constructor() {
    super('cursor: this cursor is of another search, because the scopes of the user token changed.');
  }
}
