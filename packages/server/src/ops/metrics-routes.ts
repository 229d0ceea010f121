import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Fastify plugin with the route `GET /metrics` for Prometheus. */
export async function metricsRoutes(app: FastifyInstance, { metrics }: { metrics: Metrics }): Promise<void> {
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
