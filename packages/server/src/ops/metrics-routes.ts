import type { Metrics } from '@slack-mcp/core';
import { createMetricsCheck, type MetricsAccess } from '@slack-mcp/core/ops';
import type { FastifyInstance } from 'fastify';
import { httpErrorBody } from '../http/http-errors.ts';

/** Options of {@link metricsRoutes}. */
export interface MetricsRoutesOptions {
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
}

/** Fastify plugin with the route `GET /metrics` for Prometheus. */
export async function metricsRoutes(app: FastifyInstance, { metrics, access }: MetricsRoutesOptions): Promise<void> {
  const refusalOf = createMetricsCheck(access);
  app.get('/metrics', async (request, reply) => {
    const refusal = refusalOf(request.headers.authorization);
    if (refusal === undefined) return reply.type(metrics.contentType).send(await metrics.text());
    const { status, code, message } = refusal;
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="slack-mcp-metrics"');
    return reply.code(status).send(httpErrorBody({ code, message, component: 'http' }, request.id));
  });
}
