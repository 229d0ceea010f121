import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Changes } from './changes.ts';

/** Creates unconnected servers for clients. Each SDK is loaded when the first client uses its revisions. */
export interface McpServers {
  /**
   * Creates a server for one session of a revision up to 2025-11-25. With `stateless`, creates a server for one
   * request, which keeps no state afterwards.
   */
  createServer(options?: { stateless?: boolean }): Promise<Server>;
  /** Creates a server for one request or one stdio connection of revision 2026-07-28. */
  createModernServer(): Promise<ModernServer>;
  /** Changes to deliver to subscribed clients. */
  readonly changes: Changes;
}
