import type { JsonObject } from '../contract/json.ts';

/** The content of an error response. */
export interface ErrorDescription {
  /** A short, stable code for programs, such as `invalid_signature` or `not_found`. */
  readonly code: string;
  /** A sentence that explains the error. Never contains a secret or the text of a Slack message. */
  readonly message: string;
  /** The component that sent the response, such as `ingress`, `mcp` or `http`. */
  readonly component: string;
  readonly details?: JsonObject;
}

/**
 * Returns the body of an HTTP error response. All error responses of servers and workers have this form, except the
 * JSON-RPC errors of MCP.
 */
export function errorBody(error: ErrorDescription, correlationId: string): JsonObject {
  const { code, message, component, details = {} } = error;
  return { error: { code, message, component, details, correlation_id: correlationId } };
}
