import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Server as ModernServer } from '@modelcontextprotocol/server';
import type { Changes } from './changes.ts';
import type { ListClient } from './service-lists.ts';

/** A request that belongs to no session. */
export interface SingleRequest {
  /** The caller; undefined without authentication. */
  readonly caller: string | undefined;
  /** The revision in the header `MCP-Protocol-Version`. */
  readonly revision: string | undefined;
}

/**
 * Creates MCP servers that are not yet connected to a client. Each SDK version is loaded when the first client needs
 * it.
 */
export interface McpServers {
  /**
   * Creates a server for one session of a revision up to 2025-11-25. With `single`, creates a server that handles a
   * single request and keeps no state.
   */
  createServer(options?: { single?: SingleRequest }): Promise<Server>;
  /** Creates a server for a single request, or a single stdio connection, of revision 2026-07-28. */
  createModernServer(client?: ListClient): Promise<ModernServer>;
  /** The event bus for changes that subscribed clients receive. */
  readonly changes: Changes;
}
