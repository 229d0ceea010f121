import type { BackendHealth, QueueBackend } from '../contract/backend.ts';
import type { Logger } from '../contract/logger.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { GroupActivity } from './groups/group-activity.ts';
import type { LiveConsumers } from './groups/live-consumers.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import type { LiveStreams } from './timeline/live-streams.ts';
import type { TimelineRecorder } from './timeline/timeline-recorder.ts';

/** The parts of one process that the operations API reads and changes. */
export interface OpsContext {
  readonly process: 'server' | 'worker';
  readonly backend: QueueBackend;
  readonly logger: Logger;
  /** The metrics of the process, if it has any. */
  readonly metrics?: Metrics | undefined;
  readonly recorder: TimelineRecorder;
  readonly activity: GroupActivity;
  readonly consumers: LiveConsumers;
  readonly audit: AuditLog;
  readonly jobs: JobRunner;
  readonly streams: LiveStreams;
  /** Returns the health of the backend. Waits at most two seconds for the broker. */
  queueHealth(): Promise<Pick<BackendHealth, 'status' | 'groups'>>;
}
