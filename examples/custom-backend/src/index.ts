import type { BackendPlugin } from '@slack-mcp/core';
import { PostgresBackend } from './backend.ts';
import { POSTGRES_ENV } from './options.ts';

export { PostgresBackend } from './backend.ts';
export type { PostgresBackendOptions } from './options.ts';

/** The manifest: `@slack-mcp/server` loads it when `QUEUE_BACKEND` is `postgres`. */
const plugin: BackendPlugin = { apiVersion: 1, name: 'postgres', env: POSTGRES_ENV, Backend: PostgresBackend };

export default plugin;
