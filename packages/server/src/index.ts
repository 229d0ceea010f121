export { createIntegratedServer, type IntegratedServerOptions } from './servers/create-integrated-server.ts';
export { createMcpHttpServer, type McpHttpServerOptions } from './servers/create-mcp-http-server.ts';
export { createWebhookServer, type WebhookServerOptions } from './servers/create-webhook-server.ts';
export type { BackendSource } from './servers/open-backend.ts';
export type { RunningServer } from './servers/running-server.ts';
export type { McpHttpOptions } from './servers/serve-mcp.ts';
export type { EventOptions, ListenOptions, SlackOptions } from './servers/server-options.ts';
