import { silentLogger } from '@slack-mcp/core';
import { connectionBudget } from '../http/connection-budget.ts';
import { createMetrics } from '../ops/metrics.ts';
import { composeServer } from './compose-server.ts';
import { openSlack } from './open-slack.ts';
import type { RunningServer } from './running-server.ts';
import { assertGuarded, type McpHttpOptions, serveMcp } from './serve-mcp.ts';
import type { ListenOptions, SlackOptions } from './server-options.ts';
import { slackPart } from './slack-health.ts';

/** Options of {@link createMcpHttpServer}. */
export interface McpHttpServerOptions extends ListenOptions, SlackOptions, McpHttpOptions {}

/**
 * Creates a server that serves the Slack tools to MCP clients over HTTP.
 *
 * @throws ConfigurationError - `host` is not a loopback address and `auth` is not set, a toolset is unknown, or a list
 *   of channels is malformed
 */
export function createMcpHttpServer(options: McpHttpServerOptions): RunningServer {
  const { host = '127.0.0.1', port = 3000, logger = silentLogger, processMetrics = false } = options;
  const { maxConnections = connectionBudget(), checkTokens, metricsKeys = [] } = options;
  const metrics = createMetrics({ process: processMetrics });
  assertGuarded(host, options.auth);
  const slack = openSlack(options, logger, metrics);
  const mcp = serveMcp({ ...options, slack, logger, metrics, connections: maxConnections });
  return composeServer({
    host,
    port,
    logger,
    metrics,
    metricsKeys,
    connections: maxConnections,
    trustProxy: options.trustProxy,
    open: async (add) => {
      add(slackPart(slack.ports, { checkTokens, scopes: mcp.scopes, logger }));
      add(mcp);
    },
  });
}
