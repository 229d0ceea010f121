import type { BackendHealth } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';

/** The health of one component of the server. The field `detail` never contains a secret. */
export type ComponentHealth = Pick<BackendHealth, 'status'> & Partial<BackendHealth>;

/** Options of {@link healthRoutes}. */
export interface HealthRoutesOptions {
  /** The health checks by component name. A check must not change any state. */
  readonly components: Readonly<Record<string, () => ComponentHealth | Promise<ComponentHealth>>>;
  /** Whether the server is closing. A closing server is alive, but no longer ready. */
  readonly isClosing: () => boolean;
  /** Milliseconds after which a component that has not answered counts as down. Default 2000. */
  readonly timeoutMs?: number;
}

/** The response body of `GET /health`. */
export interface HealthReport {
  /** The worst status of the components. */
  readonly status: BackendHealth['status'];
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

/**
 * Fastify plugin with the routes `GET /health` (the state of every component), `/healthz` (whether the process is
 * alive) and `/readyz` (whether the server can work). A negative result has status 503.
 */
export async function healthRoutes(app: FastifyInstance, options: HealthRoutesOptions): Promise<void> {
  const { components, isClosing, timeoutMs = 2_000 } = options;

  async function report(): Promise<HealthReport> {
    const entries = await Promise.all(
      Object.entries(components).map(async ([name, check]) => [name, await bounded(check, timeoutMs)] as const),
    );
    const states = entries.map(([, health]) => health.status);
    const status = states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : 'up';
    return { status, components: Object.fromEntries(entries) };
  }

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

async function bounded(
  check: () => ComponentHealth | Promise<ComponentHealth>,
  timeoutMs: number,
): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ComponentHealth>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', detail: { reason: 'no answer in time' } }), timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return { status: 'down', detail: { reason: 'the check failed' } };
  } finally {
    clearTimeout(timer);
  }
}
