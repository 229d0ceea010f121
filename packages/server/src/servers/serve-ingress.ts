import type { QueueBackend } from '@slack-mcp/core';
import { createIngress, type Ingress, type IngressOptions } from '../ingress/ingress.ts';
import { createMemoryDedupeStore } from '../ingress/memory-dedupe-store.ts';
import { slackRoutes } from '../ingress/slack-routes.ts';
import type { CreateSocketModeClient } from '../ingress/socket-mode-client.ts';
import { createIngressMetrics } from '../ops/ingress-metrics.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServerPart } from './compose-server.ts';
import { serveSocketMode } from './serve-socket-mode.ts';

/** Options for receiving requests from Slack. */
export type ServeIngressOptions = Omit<IngressOptions, 'backend' | 'observer' | 'now'> & {
  readonly backend: QueueBackend;
  readonly metrics: Metrics;
  /** Creates a Socket Mode client, which the server then uses instead of request URLs. */
  readonly createSocketModeClient: CreateSocketModeClient | undefined;
};

/** Adds the components that receive requests from Slack, over HTTP or Socket Mode. */
export function serveIngress(options: ServeIngressOptions, add: (part: ServerPart) => void): void {
  const { metrics, createSocketModeClient: createClient, ...rest } = options;
  const dedupe = rest.dedupe ?? (rest.backend.capabilities.idempotentPublish ? undefined : createMemoryDedupeStore());
  const ingress = createIngress({
    ...rest,
    observer: createIngressMetrics(metrics, rest.backend.name),
    ...(dedupe === undefined ? {} : { dedupe }),
  });
  add(ingressPart(ingress, metrics, createClient === undefined));
  if (createClient !== undefined) serveSocketMode({ createClient, ingress, logger: rest.logger, metrics }, add);
}

function ingressPart(ingress: Ingress, metrics: Metrics, overHttp: boolean): ServerPart {
  const { admission } = ingress;
  metrics.gauge('ingressInFlight', () => [{ labels: {}, value: admission.inFlight }]);
  metrics.gauge('ingressInFlightBytes', () => [{ labels: {}, value: admission.inFlightBytes }]);
  return {
    name: 'webhook_server',
    health: () => {
      const { isFull, inFlight, maxInFlight, inFlightBytes, maxInFlightBytes } = admission;
      return { status: isFull ? 'degraded' : 'up', detail: { inFlight, maxInFlight, inFlightBytes, maxInFlightBytes } };
    },
    routes: async (app) => {
      if (overHttp) await app.register(slackRoutes, { ingress });
    },
  };
}
