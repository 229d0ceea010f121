import type { BackendPlugin } from '@slack-mcp/core';
import { AcmeBackend } from './backend.ts';
import { ACME_ENV } from './options.ts';

export { AcmeBackend } from './backend.ts';
export type { AcmeBackendOptions } from './options.ts';

/** The manifest: `@slack-mcp/server` loads it when `QUEUE_BACKEND` is `acme`. */
const plugin: BackendPlugin = { apiVersion: 1, name: 'acme', env: ACME_ENV, Backend: AcmeBackend };

export default plugin;
