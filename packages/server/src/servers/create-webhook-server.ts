import { silentLogger } from '@slack-mcp/core';
import { connectionBudget } from '../http/connection-budget.ts';
import { createMetrics } from '../ops/metrics.ts';
import { composeServer } from './compose-server.ts';
import { openEvents } from './open-events.ts';
import { openSlack } from './open-slack.ts';
import type { RunningServer } from './running-server.ts';
import type { EventOptions, ListenOptions, SlackOptions } from './server-options.ts';
import { slackPart } from './slack-health.ts';

/** Options of {@link createWebhookServer}. Only the worker uses the token. */
export interface WebhookServerOptions extends ListenOptions, SlackOptions, EventOptions {}

/** Creates a server that receives events, commands and interactions from Slack and publishes them to the queue. */
export function createWebhookServer(options: WebhookServerOptions): RunningServer {
  const { host = '127.0.0.1', port = 3000, logger = silentLogger, processMetrics = false } = options;
  const { maxConnections = connectionBudget(), checkTokens, metricsKeys = [] } = options;
  const metrics = createMetrics({ process: processMetrics });
  return composeServer({
    host,
    port,
    logger,
    metrics,
    metricsKeys: [...metricsKeys, ...(options.ops?.keys ?? []).map(({ token }) => token)],
    connections: maxConnections,
    trustProxy: options.trustProxy,
    open: (add) => {
      const { egress, client, ports } = openSlack(options, logger, metrics);
      if (options.worker !== undefined) add(slackPart(ports, { checkTokens, logger }));
      return openEvents({ ...options, slack: client, egress, logger, metrics }, add);
    },
  });
}
