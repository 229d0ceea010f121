import type { JsonObject } from '@slack-mcp/core';

/** The content of an error response. */
export interface ErrorDescription {
  /** Short and stable, for programs: `invalid_signature`, `not_found`, … */
  readonly code: string;
  /** For people. Never contains a secret or message content. */
  readonly message: string;
  /** The component that answers: `ingress`, `mcp`, `http`, … */
  readonly component: string;
  readonly details?: JsonObject;
}

/** The error format of every response of this server. */
export function errorBody(error: ErrorDescription, correlationId: string): JsonObject {
  const { code, message, component, details = {} } = error;
  return { error: { code, message, component, details, correlation_id: correlationId } };
}
