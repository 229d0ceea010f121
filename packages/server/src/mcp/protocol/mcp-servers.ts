import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Changes } from './changes.ts';

/** Creates unconnected servers for clients. Each SDK is loaded when the first client uses its revisions. */
export interface McpServers {
  /** For one session of a revision up to 2025-11-25. With `stateless`, for one request, without any state after it. */
  createServer(options?: { stateless?: boolean }): Promise<Server>;
  /** For one request, or one stdio connection, of revision 2026-07-28. */
  createModernServer(): Promise<ModernServer>;
  /** Changes to deliver to subscribed clients. */
  readonly changes: Changes;
}
