export type { DedupeClaim, DedupeStore, IdempotencyRecord, IdempotencyStore, TaskQueues } from '@slack-mcp/core';
export type { ProxySettings, SigningSecrets, TokenProvider, TokenSource, WorkspaceTokens } from '@slack-mcp/slack';
export type { AuthOptions, SlackSignedOptions } from './access/access-guard.ts';
export type { AuthKey } from './access/auth-key.ts';
export type { JwtOptions } from './access/jwt-check.ts';
export type { TrustProxy } from './http/forwarded.ts';
export type { Delivery, DeliveryFamily } from './ingress/delivery.ts';
export { createMemoryDedupeStore } from './ingress/memory-dedupe-store.ts';
export type { RecentIdsOptions } from './ingress/recent-ids.ts';
export type { Responder, ResponderContext, Responders } from './ingress/responders.ts';
export { createIntegratedServer, type IntegratedServerOptions } from './servers/create-integrated-server.ts';
export { createMcpHttpServer, type McpHttpServerOptions } from './servers/create-mcp-http-server.ts';
export { createWebhookServer, type WebhookServerOptions } from './servers/create-webhook-server.ts';
export type { BackendSource } from './servers/open-backend.ts';
export type { CloseOptions, RunningServer } from './servers/running-server.ts';
export type { McpHttpOptions } from './servers/serve-mcp.ts';
export type {
  EventOptions,
  ListenOptions,
  SlackOptions,
  SocketModeSettings,
  SpoolSettings,
} from './servers/server-options.ts';
export type { Caller, Rights } from './tools/caller.ts';
export {
  type FileIdempotencyStore,
  type FileIdempotencyStoreOptions,
  openFileIdempotencyStore,
} from './tools/gates/idempotency/file-idempotency-store.ts';
export type { SlackTokenFor } from './tools/workspaces/caller-workspaces.ts';
