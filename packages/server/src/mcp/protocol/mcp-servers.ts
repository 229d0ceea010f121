import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';

/** Makes what answers a client, not yet connected. An SDK is loaded when the first client speaks its revisions. */
export interface McpServers {
  /** For one session of a revision up to 2025-11-25. */
  createServer(): Promise<Server>;
  /** For one request, or one connection over stdio, of revision 2026-07-28. */
  createModernServer(): Promise<ModernServer>;
}
