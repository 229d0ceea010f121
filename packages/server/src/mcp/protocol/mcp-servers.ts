import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Changes } from './changes.ts';

/** Makes what answers a client, not yet connected. An SDK is loaded when the first client speaks its revisions. */
export interface McpServers {
  /** For one session of a revision up to 2025-11-25; `stateless`: for one request, after which nothing is remembered. */
  createServer(options?: { stateless?: boolean }): Promise<Server>;
  /** For one request, or one connection over stdio, of revision 2026-07-28. */
  createModernServer(): Promise<ModernServer>;
  /** What clients are told that want to know of changes. */
  readonly changes: Changes;
}
