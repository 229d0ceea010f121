import { ConfigurationError, type Logger } from '@slack-mcp/core';
import { isLoopback } from '../config/is-loopback.ts';
import type { Metrics } from '../http/metrics.ts';
import { toolRoutes } from '../http/tool-routes.ts';
import { mcpRoutes } from '../mcp/http/http-routes.ts';
import { createMcpHost, type ToolOptions } from '../mcp/mcp-host.ts';
import type { SlackPorts } from '../mcp/workspaces/workspaces.ts';
import { packageVersion } from '../version.ts';
import type { ServerPart } from './compose-server.ts';

/** How MCP is served over HTTP. */
export interface McpHttpOptions extends ToolOptions {
  /** Default `both`. */
  readonly mcpTransport?: 'streamable-http' | 'sse' | 'both';
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly mcpMountPath?: string;
  /** Bearer tokens that clients may send; required off loopback. Default: none. */
  readonly authTokens?: readonly string[];
  /** Host headers that are answered. Default: those of the address. */
  readonly allowedHosts?: readonly string[];
  /** Origins of browsers that are answered. Default: none. */
  readonly allowedOrigins?: readonly string[];
  /** Milliseconds after which a silent session ends. Default 30 minutes. */
  readonly sessionIdleMs?: number;
  /** Sessions beyond which new ones are refused. Default 1000. */
  readonly maxSessions?: number;
}

/** The part of a server that serves the tools, over MCP and as plain REST. */
export function serveMcp(
  options: McpHttpOptions & {
    readonly slack: SlackPorts;
    readonly logger: Logger;
    readonly metrics: Metrics;
  },
): ServerPart {
  const { slack, logger, metrics, authTokens = [] } = options;
  const { mcpTransport = 'both', mcpMountPath = '/mcp', sessionIdleMs = 30 * 60_000, maxSessions = 1_000 } = options;
  const host = createMcpHost({
    ...options,
    slack,
    logger,
    version: packageVersion(),
    onToolCall: metrics.toolCall,
  });
  const guard = {
    ...(authTokens.length === 0 ? {} : { auth: { tokens: authTokens } }),
    ...(options.allowedHosts?.length ? { allowedHosts: options.allowedHosts } : {}),
    ...(options.allowedOrigins?.length ? { allowedOrigins: options.allowedOrigins } : {}),
  };
  return {
    name: 'mcp',
    health: () => ({ status: 'up', detail: { transport: mcpTransport, tools: host.tools.length } }),
    routes: async (app) => {
      await app.register(mcpRoutes, {
        host,
        mountPath: mcpMountPath,
        transport: mcpTransport,
        ...guard,
        sessionIdleMs,
        maxSessions,
        onSessionCount: (count) => metrics.gauge('slack_mcp_sessions', 'MCP sessions.', count),
        logger,
      });
      await app.register(toolRoutes, { host, ...guard });
    },
    close: () => host.close(),
  };
}

/**
 * Refuses to serve the tools to a network without authorization.
 *
 * @throws ConfigurationError
 */
export function assertGuarded(host: string, authTokens: readonly string[] = []): void {
  if (authTokens.length > 0 || isLoopback(host)) return;
  throw new ConfigurationError(
    `on ${host} anyone who reaches the port could use the Slack token through MCP: give authTokens, or listen on 127.0.0.1`,
  );
}
