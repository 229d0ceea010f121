export {
  createMetricsCheck,
  METRICS_KEY,
  type MetricsAccess,
  type MetricsRefusal,
  readMetricsKeys,
} from './ops/access/metrics-access.ts';
export { createOpsKeyCheck, type OpsCaller, type OpsKey, type OpsRole, parseOpsKeys } from './ops/access/ops-keys.ts';
export { OPS_ENV, type OpsSettings, type ReadOpsOptions, readOpsSettings } from './ops/access/ops-settings.ts';
export type { AuditEntry } from './ops/audit/audit-log.ts';
export { type ConsoleHttpApp, mountConsole } from './ops/console/mount-console.ts';
export { type CreateOpsOptions, createOps, type Ops } from './ops/create-ops.ts';
export type { DeadLetterFilter } from './ops/dead-letters/dead-letter-filter.ts';
export type {
  DeadLetterDetail,
  DeadLetterErrorsAnswer,
  DeadLetterQuery,
  DeadLetterSummary,
  DeadLettersAnswer,
  ErrorGroup,
} from './ops/dead-letters/list-dead-letters.ts';
export type { GroupCounts, OutcomeCounts } from './ops/groups/group-activity.ts';
export type { GroupStatus, GroupsAnswer } from './ops/groups/list-groups.ts';
export type { PauseAnswer } from './ops/groups/pause-group.ts';
export { type MountOpsOptions, mountOps, OPS_ROUTES, type OpsHttpApp } from './ops/http/mount-ops.ts';
export type { OpsCall, OpsRoute } from './ops/http/ops-route.ts';
export type { Job, JobProgress, JobRequest, JobsAnswer } from './ops/jobs/job.ts';
export type { OpsContext } from './ops/ops-context.ts';
export { OPS_ERRORS, OpsError, type OpsErrorCode } from './ops/ops-error.ts';
export type { CallCounts, StateAnswer } from './ops/state/read-state.ts';
export {
  ATTEMPT_CHANNEL,
  type AttemptStarted,
  CONSUMER_CHANNEL,
  type ConsumerChange,
  type PausableConsumer,
} from './ops/timeline/consumer-channels.ts';
export {
  compareEntries,
  type EventFacts,
  type EventTimeline,
  type LiveStep,
  type TimelineEntry,
  type TimelineStep,
} from './ops/timeline/event-timeline.ts';
export type { EventsAnswer } from './ops/timeline/find-events.ts';
export type { LiveFilter } from './ops/timeline/live-streams.ts';
export { TimelineRecorder } from './ops/timeline/timeline-recorder.ts';
