import type { JsonObject } from '../../contract/json.ts';
import type { DeadLetterFilter } from '../dead-letters/dead-letter-filter.ts';

/** A request to start a job: what to do, and with which dead letters. */
export interface JobRequest {
  readonly action: 'redrive' | 'purge';
  readonly group: string;
  /** The keys of the group. Default: the configured keys of the backend. */
  readonly keys?: readonly string[] | undefined;
  /** An empty filter selects all dead letters of the group. */
  readonly filter: DeadLetterFilter;
  /** Whether to only count what the job would do. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Maximum number of dead letters. Default: no limit. */
  readonly cap?: number | undefined;
  /** Maximum number of dead letters per second. Default: no limit. */
  readonly ratePerSecond?: number | undefined;
}

/** The progress of a job. */
export interface JobProgress {
  /** Number of dead letters that were read. */
  readonly scanned: number;
  /** Number of dead letters that the filter selected. */
  readonly matched: number;
  /** Number of dead letters that were redriven or purged. */
  readonly done: number;
}

/** A job that redrives or purges dead letters. */
export interface Job extends JobRequest, JobProgress {
  readonly id: string;
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed';
  /** Whether the job ended because of its cap. */
  readonly reachedCap: boolean;
  /** The name of the key that started the job. */
  readonly startedBy: string;
  /** When the job started, in ISO 8601. */
  readonly startedAt: string;
  /** When the job ended, in ISO 8601. Absent while the job runs. */
  readonly endedAt?: string;
  /** Why the job failed. */
  readonly error?: { readonly code: string; readonly message: string; readonly details: JsonObject };
}

/** The answer of `GET /ops/jobs`. */
export interface JobsAnswer {
  /** The newest job first. */
  readonly jobs: readonly Job[];
}
