import type { JsonObject } from '@slack-mcp/core';

/** The content of an error response. */
export interface ErrorDescription {
  /** A short, stable code for programs, such as `invalid_signature` or `not_found`. */
  readonly code: string;
  /** The message for people. The message never contains a secret or message content from Slack. */
  readonly message: string;
  /** The component that answers, such as `ingress`, `mcp` or `http`. */
  readonly component: string;
  readonly details?: JsonObject;
}

/** The error format of every response of this server. */
export function errorBody(error: ErrorDescription, correlationId: string): JsonObject {
  const { code, message, component, details = {} } = error;
  return { error: { code, message, component, details, correlation_id: correlationId } };
}
