import {
  addQueueMetrics,
  addWorkerMetrics,
  type ComponentHealth,
  createMetrics,
  type Logger,
  type Metrics,
  type QueueBackend,
  type Worker,
} from '@slack-mcp/core';
import { addSlackMetrics, type OpenSlackClientOptions, type SlackPort } from '@slack-mcp/slack';
import type { HealthServer } from './health-server.ts';
import type { HealthSettings } from './settings.ts';

/** The health and the metrics of a worker's process. */
export interface WorkerOps {
  /** Options for the Slack client, so that its calls are measured. */
  readonly slack: OpenSlackClientOptions;
  /** Starts to serve health and metrics. */
  listen(backend: QueueBackend, logger: Logger): Promise<void>;
  /** Reports that the worker has started. */
  started(worker: Worker | undefined): void;
  /** Reports that the worker is stopping and no longer ready. */
  stopping(): void;
  close(): Promise<void>;
}

/** @param settings - where to serve health and metrics */
export async function createWorkerOps(settings: HealthSettings): Promise<WorkerOps> {
  const { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } = (await import('prom-client')).default;
  const { startHealthServer } = await import('./health-server.ts');
  const metrics: Metrics = createMetrics(
    { Counter, collectDefaultMetrics, Gauge, Histogram, Registry },
    { process: true },
  );
  const ports = new Map<string, SlackPort>();
  let worker: Worker | undefined;
  let isClosing = false;
  let server: HealthServer | undefined;
  let stopMeasuring: (() => void) | undefined;

  function workerHealth(): ComponentHealth {
    return worker === undefined
      ? { status: 'down', detail: { state: 'starting' } }
      : (worker.health?.() ?? { status: 'up' });
  }

  return {
    slack: {
      observe: addSlackMetrics(metrics),
      onPort: (port, workspace) => ports.set(workspace === undefined ? '' : `${workspace}.`, port),
    },
    async listen(backend, logger) {
      addQueueMetrics(metrics, backend);
      stopMeasuring = addWorkerMetrics(metrics, { backend, worker: () => worker });
      server = await startHealthServer({
        ...settings,
        components: {
          queue_backend: () => backend.health(),
          worker: workerHealth,
          slack_client: () => slackHealth(ports),
        },
        isClosing: () => isClosing,
        metrics,
        logger,
      });
    },
    started: (started) => {
      worker = started;
    },
    stopping: () => {
      isClosing = true;
    },
    async close() {
      stopMeasuring?.();
      await server?.close();
    },
  };
}

/** Returns the health of the Slack client, `degraded` while Slack refuses a token. Does not call Slack. */
function slackHealth(ports: ReadonlyMap<string, SlackPort>): ComponentHealth {
  const refused = [...ports].flatMap(([prefix, port]) =>
    Object.entries(port.health?.().detail ?? {}).map(([kind, error]) => [`${prefix}${kind}`, error] as const),
  );
  return refused.length === 0 ? { status: 'up' } : { status: 'degraded', detail: Object.fromEntries(refused) };
}
