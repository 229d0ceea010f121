import { type ErrorDescription, errorBody, type JsonObject } from '@slack-mcp/core';

/** What an error code of a response means. */
export interface HttpError {
  readonly status: number;
  /** The components that answer with the code. */
  readonly components: readonly string[];
  readonly meaning: string;
}

/** The code of an error response. Failed tool calls have other codes. */
export type HttpErrorCode =
  | 'app_not_named'
  | 'authorization_unavailable'
  | 'bad_request'
  | 'body_incomplete'
  | 'body_too_large'
  | 'cancelled'
  | 'headers_too_large'
  | 'host_not_allowed'
  | 'insufficient_scope'
  | 'internal'
  | 'invalid_request'
  | 'invalid_signature'
  | 'malformed_body'
  | 'method_not_allowed'
  | 'metrics_closed'
  | 'not_found'
  | 'origin_not_allowed'
  | 'overloaded'
  | 'queue_payload_too_large'
  | 'queue_unavailable'
  | 'request_repeated'
  | 'request_timeout'
  | 'signed_by_another_app'
  | 'starting'
  | 'team_not_allowed'
  | 'too_many_requests'
  | 'unauthorized'
  | 'unsupported_media_type';

/** Every error code of the server over HTTP, for the documentation. The failures of tools are in `tool-failures.ts`. */
export const HTTP_ERRORS: Readonly<Record<HttpErrorCode, HttpError>> = {
  app_not_named: {
    status: 401,
    components: ['mcp'],
    meaning: 'Several apps have a signing secret, and the request does not name its app. See `MCP_SLACK_APP`.',
  },
  authorization_unavailable: {
    status: 503,
    components: ['mcp'],
    meaning: 'The keys of the token issuer cannot be fetched. Try again.',
  },
  bad_request: { status: 400, components: ['http', 'mcp', 'tools'], meaning: 'The request is malformed.' },
  body_incomplete: { status: 400, components: ['ingress', 'mcp'], meaning: 'The body ended before it was complete.' },
  body_too_large: { status: 413, components: ['http', 'ingress', 'mcp'], meaning: 'The body exceeds the limit.' },
  cancelled: { status: 499, components: ['tools'], meaning: 'The client disconnected before the answer.' },
  headers_too_large: { status: 431, components: ['http'], meaning: 'The headers exceed the limit.' },
  host_not_allowed: {
    status: 403,
    components: ['mcp'],
    meaning: 'The `Host` header is not a name of this server. See `MCP_PUBLIC_URL` and `MCP_ALLOWED_HOSTS`.',
  },
  insufficient_scope: { status: 403, components: ['mcp'], meaning: 'The access token lacks a scope.' },
  internal: {
    status: 500,
    components: ['http'],
    meaning: 'The request failed. The log contains the reason under the correlation ID.',
  },
  invalid_request: { status: 400, components: ['mcp'], meaning: 'The body is not a JSON-RPC message.' },
  invalid_signature: {
    status: 401,
    components: ['ingress'],
    meaning: 'The request is not signed by Slack with a known secret, or its time differs by more than 5 minutes.',
  },
  malformed_body: { status: 400, components: ['ingress'], meaning: 'The body is not a Slack payload.' },
  method_not_allowed: {
    status: 405,
    components: ['http'],
    meaning: 'The path does not support the method. The `Allow` header lists the methods that it supports.',
  },
  metrics_closed: {
    status: 403,
    components: ['http'],
    meaning: 'The process listens on a network, and `/metrics` has no key. See `SLACK_MCP_METRICS_KEY`.',
  },
  not_found: { status: 404, components: ['http'], meaning: 'No route matches the path.' },
  origin_not_allowed: {
    status: 403,
    components: ['mcp'],
    meaning: 'Web pages from this origin may not use the server. See `MCP_ALLOWED_ORIGINS`.',
  },
  overloaded: { status: 503, components: ['ingress', 'mcp'], meaning: 'Too many requests are in flight. Try again.' },
  queue_payload_too_large: {
    status: 413,
    components: ['ingress'],
    meaning: 'The payload exceeds the limit of the queue backend.',
  },
  queue_unavailable: {
    status: 503,
    components: ['ingress'],
    meaning: 'The queue did not confirm the event. Slack sends it again.',
  },
  request_repeated: {
    status: 401,
    components: ['mcp'],
    meaning: 'A request with the same signature was answered before.',
  },
  request_timeout: { status: 408, components: ['http'], meaning: 'The request did not arrive in time.' },
  signed_by_another_app: {
    status: 401,
    components: ['mcp'],
    meaning: 'The request names an app other than the one whose secret signed it.',
  },
  starting: { status: 503, components: ['http'], meaning: 'The server is starting. Try again.' },
  team_not_allowed: {
    status: 403,
    components: ['mcp'],
    meaning: 'The workspace of the request is not in `MCP_SLACK_TEAMS`, or the request names no user or several users.',
  },
  too_many_requests: {
    status: 429,
    components: ['mcp', 'tools'],
    meaning: 'The caller has reached a limit. The `Retry-After` header states when to try again.',
  },
  unauthorized: {
    status: 401,
    components: ['http', 'mcp', 'tools'],
    meaning: 'The request has no valid key or access token.',
  },
  unsupported_media_type: {
    status: 415,
    components: ['http', 'ingress'],
    meaning: 'The `Content-Type` is not supported.',
  },
};

/** Returns the body of an error response with a documented code. */
export function httpErrorBody(
  error: ErrorDescription & { readonly code: HttpErrorCode },
  correlationId: string,
): JsonObject {
  return errorBody(error, correlationId);
}
