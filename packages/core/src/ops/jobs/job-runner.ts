import { randomUUID } from 'node:crypto';
import type { DeadLetter } from '../../contract/dead-letters.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { DeadLetterSource } from '../dead-letters/read-dead-letters.ts';
import { OpsError } from '../ops-error.ts';
import type { Job, JobRequest } from './job.ts';
import { runJob } from './run-job.ts';

/** Options of {@link JobRunner}. */
export interface JobRunnerOptions {
  readonly source: DeadLetterSource;
  readonly audit: AuditLog;
  /** Called with dead letters that a job redrove or purged, and with the time of the request. */
  readonly onDone: (job: Job, letters: readonly DeadLetter[], at: number) => void;
}

interface Running {
  readonly cancel: AbortController;
  readonly ended: Promise<void>;
}

/** Maximum number of jobs that are remembered. */
const MAX_JOBS = 100;

/** Runs jobs in this process, one at a time for each group. Jobs end with the process. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Map<string, Running>();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /**
   * Starts a job.
   *
   * @throws OpsError - `job_running`: another job of the group runs in this process
   */
  start(request: JobRequest, who: string): Job {
    const { group, action, dryRun } = request;
    const other = [...this.#running.keys()].find((id) => this.#jobs.get(id)?.group === group);
    if (other !== undefined) {
      throw new OpsError(
        'job_running',
        `The job ${other} of the group ${group} is running: wait until it ends, or cancel it.`,
        {
          job: other,
        },
      );
    }
    const job: Job = {
      ...request,
      id: randomUUID(),
      status: 'running',
      scanned: 0,
      matched: 0,
      done: 0,
      reachedCap: false,
      startedBy: who,
      startedAt: new Date().toISOString(),
    };
    this.#jobs.set(job.id, job);
    this.#forget();
    this.#options.audit.record({ who, action, group, target: job.id, outcome: 'started', dryRun });
    const cancel = new AbortController();
    this.#running.set(job.id, { cancel, ended: this.#run(job, cancel.signal) });
    return job;
  }

  /** The remembered jobs, newest first. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].reverse();
  }

  /** @throws OpsError - `unknown_job` */
  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined)
      throw new OpsError('unknown_job', `There is no job ${id}, or this process has forgotten it.`);
    return job;
  }

  /**
   * Cancels a job, and waits until its current step has ended.
   *
   * @throws OpsError - `unknown_job`, or `job_ended`
   */
  async cancel(id: string, who: string): Promise<Job> {
    const { status, group } = this.get(id);
    const running = this.#running.get(id);
    if (running === undefined) throw new OpsError('job_ended', `The job ${id} has ended: ${status}.`);
    this.#options.audit.record({ who, action: 'cancel', group, target: id });
    running.cancel.abort();
    await running.ended;
    return this.get(id);
  }

  /** Cancels all jobs. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { cancel } of running) cancel.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #run(job: Job, signal: AbortSignal): Promise<void> {
    const { source, audit, onDone } = this.#options;
    let end: Pick<Job, 'status' | 'reachedCap' | 'error'>;
    try {
      end = await runJob(job, {
        source,
        signal,
        onProgress: (progress) => this.#update(job.id, progress),
        onDone: (letters, at) => onDone(job, letters, at),
      });
    } catch (error) {
      end = { status: 'failed', reachedCap: false, error: describe(error) };
    }
    this.#running.delete(job.id);
    this.#update(job.id, { ...end, endedAt: new Date().toISOString() });
    const { startedBy: who, action, group, dryRun } = job;
    const count = this.#jobs.get(job.id)?.done;
    audit.record({ who, action, group, target: job.id, outcome: end.status, count, dryRun });
  }

  #update(id: string, change: Partial<Job>): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, ...change });
  }

  /** Forgets the oldest jobs that have ended. */
  #forget(): void {
    for (const [id, { status }] of this.#jobs) {
      if (this.#jobs.size <= MAX_JOBS) return;
      if (status !== 'running') this.#jobs.delete(id);
    }
  }
}

function describe(error: unknown): NonNullable<Job['error']> {
  if (error instanceof OpsError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'internal', message: error instanceof Error ? error.message : 'unknown', details: {} };
}
