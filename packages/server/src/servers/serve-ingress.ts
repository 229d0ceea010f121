import type { KeySettings, Logger, QueueBackend } from '@slack-mcp/core';
import type { Metrics } from '../http/metrics.ts';
import { createIngress, type IngressOptions } from '../ingress/ingress.ts';
import { slackRoutes } from '../ingress/slack-routes.ts';
import type { ServerPart } from './compose-server.ts';

/** The part of a server that receives from Slack. */
export function serveIngress(
  options: {
    readonly backend: QueueBackend;
    readonly signingSecrets: readonly string[];
    readonly keys: KeySettings;
    readonly logger: Logger;
    readonly metrics: Metrics;
  } & Pick<IngressOptions, 'publishTimeoutMs' | 'maxInFlight'>,
): ServerPart {
  const { metrics, ...rest } = options;
  const ingress = createIngress({ ...rest, observer: metrics.ingress });
  metrics.gauge('slack_mcp_ingress_in_flight', 'Requests from Slack at work.', () => ingress.inFlight);
  return {
    name: 'ingress',
    health: () => ({
      status: ingress.inFlight < ingress.maxInFlight ? 'up' : 'degraded',
      detail: { inFlight: ingress.inFlight, maxInFlight: ingress.maxInFlight },
    }),
    routes: async (app) => {
      await app.register(slackRoutes, { ingress });
    },
  };
}
