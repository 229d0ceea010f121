import { silentLogger } from '@slack-mcp/core';
import type { OpsContext } from '@slack-mcp/core/ops';
import { connectionBudget } from '../http/connection-budget.ts';
import type { Delivery } from '../ingress/delivery.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createToolRegistry } from '../tools/registry.ts';
import { allToolsets } from '../tools/toolsets/all-toolsets.ts';
import { createOpsToolset } from '../tools/toolsets/ops/ops.ts';
import { composeServer } from './compose-server.ts';
import { openEvents } from './open-events.ts';
import { openSlack } from './open-slack.ts';
import type { RunningServer } from './running-server.ts';
import { assertGuarded, type McpHttpOptions, serveMcp } from './serve-mcp.ts';
import type { EventOptions, ListenOptions, SlackOptions } from './server-options.ts';
import { slackPart } from './slack-health.ts';
import { updatedResources } from './updated-resources.ts';

/** Options of {@link createIntegratedServer}. */
export interface IntegratedServerOptions extends ListenOptions, SlackOptions, EventOptions, McpHttpOptions {}

/**
 * Creates a server that receives requests from Slack and serves MCP clients on one port, with one Slack client for each
 * workspace.
 *
 * @example const server = createIntegratedServer({ token, signingSecret, port: 3000 }); await server.start();
 *
 * @throws ConfigurationError - `host` is not a loopback address and `auth` is not set, a toolset is unknown, or a list
 *   of channels is malformed
 */
export function createIntegratedServer(options: IntegratedServerOptions): RunningServer {
  const { host = '127.0.0.1', port = 3000, logger = silentLogger, processMetrics = false } = options;
  const { maxConnections = connectionBudget(), checkTokens, metricsKeys = [] } = options;
  const metrics = createMetrics({ process: processMetrics });
  assertGuarded(host, options.auth);
  const slack = openSlack(options, logger, metrics);
  let ops: OpsContext | undefined;
  const registry = options.ops && createToolRegistry([...allToolsets.toolsets, createOpsToolset(() => ops)]);
  const mcp = serveMcp({
    ...options,
    slack,
    logger,
    metrics,
    connections: maxConnections,
    observesEvents: true,
    ...(registry && { registry }),
  });
  return composeServer({
    host,
    port,
    logger,
    metrics,
    metricsKeys: [...metricsKeys, ...(options.ops?.keys ?? []).map(({ token }) => token)],
    connections: maxConnections,
    trustProxy: options.trustProxy,
    open: async (add) => {
      const onPublished = (delivery: Delivery): void => mcp.update(() => updatedResources(delivery));
      const { egress, client } = slack;
      add(slackPart(slack.ports, { checkTokens, scopes: mcp.scopes, logger }));
      const onOps = (opened: OpsContext): void => {
        ops = opened;
      };
      await openEvents({ ...options, slack: client, egress, logger, metrics, onPublished, onOps }, add);
      add(mcp);
    },
  });
}
