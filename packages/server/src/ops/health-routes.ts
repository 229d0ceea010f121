import { type ComponentCheck, createHealthReporter, type HealthReporterOptions } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';

/** Options of {@link healthRoutes}. */
export interface HealthRoutesOptions extends HealthReporterOptions {
  /** The health checks by component name. A check must not change any state. */
  readonly components: Readonly<Record<string, ComponentCheck>>;
  /** Whether the server is closing. A closing server is alive, but no longer ready. */
  readonly isClosing: () => boolean;
}

/**
 * Fastify plugin with the routes `GET /health` (the state of every component), `/healthz` (whether the process is
 * alive) and `/readyz` (whether the server can work). A negative result has status 503.
 */
export async function healthRoutes(app: FastifyInstance, options: HealthRoutesOptions): Promise<void> {
  const { components, isClosing, ...limits } = options;
  const report = createHealthReporter(components, limits);
  // The first answers of the components arrive before the first request.
  void report();

  app.get('/health', async (_request, reply) => {
    const health = await report();
    return reply.code(health.status === 'down' ? 503 : 200).send(health);
  });

  app.get('/healthz', async () => ({ status: 'up' }));

  app.get('/readyz', async (_request, reply) => {
    const { status } = await report();
    const ready = status !== 'down' && !isClosing();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready' });
  });
}
