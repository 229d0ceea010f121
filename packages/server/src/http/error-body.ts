import type { JsonObject } from '@slack-mcp/core';

/** What an error response says. */
export interface ErrorDescription {
  /** Short and stable, for programs: `invalid_signature`, `not_found`, … */
  readonly code: string;
  /** For people. Never holds a secret or content of a message. */
  readonly message: string;
  /** The part that answers: `ingress`, `mcp`, `http`, … */
  readonly component: string;
  readonly details?: JsonObject;
}

/** The one shape of every error this server answers with. */
export function errorBody(error: ErrorDescription, correlationId: string): JsonObject {
  const { code, message, component, details = {} } = error;
  return { error: { code, message, component, details, correlation_id: correlationId } };
}
