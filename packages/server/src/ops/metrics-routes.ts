import type { Metrics } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';

/** Fastify plugin with the route `GET /metrics` for Prometheus. */
export async function metricsRoutes(app: FastifyInstance, { metrics }: { metrics: Metrics }): Promise<void> {
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
