import type { QueueBackend } from '../contract/backend.ts';
import type { Logger } from '../contract/logger.ts';
import { createHealthReporter } from '../health/health-report.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { AuditLog } from './audit/audit-log.ts';
import { GroupActivity } from './groups/group-activity.ts';
import { LiveConsumers } from './groups/live-consumers.ts';
import { JobRunner } from './jobs/job-runner.ts';
import type { OpsContext } from './ops-context.ts';
import { LiveStreams } from './timeline/live-streams.ts';
import { factsOf, observeConsumers } from './timeline/observe-consumers.ts';
import { TimelineRecorder } from './timeline/timeline-recorder.ts';

/** Options of {@link createOps}. */
export interface CreateOpsOptions {
  readonly process: 'server' | 'worker';
  readonly backend: QueueBackend;
  readonly logger: Logger;
  /** The metrics of the process. Default: none. */
  readonly metrics?: Metrics | undefined;
}

/** The operations API of one process. */
export interface Ops extends OpsContext {
  /** Cancels jobs, ends streams and stops recording. */
  close(): Promise<void>;
}

/** Milliseconds that a request waits for the broker's answer. After that, the request uses the latest known answer. */
const PATIENCE_MS = 2_000;

/**
 * Creates the operations API of a process, and starts to record what its consumers do. Call `createOps` before the
 * consumers start.
 */
export function createOps({ process, backend, logger, metrics }: CreateOpsOptions): Ops {
  const recorder = new TimelineRecorder();
  const activity = new GroupActivity();
  const consumers = new LiveConsumers();
  const audit = new AuditLog(logger);
  const streams = new LiveStreams(recorder);
  const jobs = new JobRunner({
    source: backend,
    audit,
    onDone: ({ action, group }, letters, at) => {
      const entry = { step: action === 'redrive' ? 'redriven' : 'purged', at, group } as const;
      for (const letter of letters) recorder.record(factsOf(letter), entry);
    },
  });
  const report = createHealthReporter({ queue: () => backend.health() }, { patienceMs: PATIENCE_MS });
  const stop = observeConsumers(backend, { recorder, activity, consumers });
  return {
    process,
    backend,
    logger,
    metrics,
    recorder,
    activity,
    consumers,
    audit,
    jobs,
    streams,
    queueHealth: async () => (await report()).components['queue'] ?? { status: 'down' },
    async close() {
      streams.close();
      await jobs.close();
      stop();
    },
  };
}
