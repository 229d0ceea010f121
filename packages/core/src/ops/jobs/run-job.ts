import type { DeadLetter } from '../../contract/dead-letters.ts';
import { pause } from '../../retry/pause.ts';
import { createDeadLetterMatch } from '../dead-letters/dead-letter-filter.ts';
import { type DeadLetterSource, opsErrorOf, readDeadLetters } from '../dead-letters/read-dead-letters.ts';
import type { JobProgress, JobRequest } from './job.ts';

/** The result of a job that ended without an error. */
export interface JobEnd {
  readonly status: 'completed' | 'cancelled';
  readonly reachedCap: boolean;
}

/** Options of {@link runJob}. */
export interface RunJobOptions {
  readonly source: DeadLetterSource;
  /** Cancels the job. Dead letters that were redriven or purged already are not restored. */
  readonly signal: AbortSignal;
  /** Called after each step. */
  readonly onProgress: (progress: JobProgress) => void;
  /** Called with dead letters that were redriven or purged, and with the time of the request to the broker. */
  readonly onDone: (letters: readonly DeadLetter[], at: number) => void;
}

/** Maximum number of dead letters in one request to the broker. */
const MAX_CHUNK = 100;
/** Number of requests per second over which a rate is spread. */
const CHUNKS_PER_SECOND = 10;

/**
 * Redrives or purges dead letters step by step. Holds at most one page of dead letters in memory. Ignores dead letters
 * that were parked after the job began, so that a message that fails again is redriven only once.
 *
 * @throws OpsError - the broker does not answer
 */
export async function runJob(request: JobRequest, options: RunJobOptions): Promise<JobEnd> {
  const { action, group, keys, filter, dryRun = false, cap = Number.POSITIVE_INFINITY, ratePerSecond: rate } = request;
  const { source, signal, onProgress, onDone } = options;
  const isMatch = createDeadLetterMatch(filter);
  const deadLetters = source.deadLetters({ group, ...(keys !== undefined && { keys }) });
  const most = rate === undefined ? MAX_CHUNK : Math.min(MAX_CHUNK, Math.ceil(rate / CHUNKS_PER_SECOND));
  const startedAt = Date.now();
  const began = performance.now();
  const progress = { scanned: 0, matched: 0, done: 0 };

  /** Returns whether to continue. */
  async function settle(letters: readonly DeadLetter[]): Promise<boolean> {
    if (signal.aborted) return false;
    progress.matched += letters.length;
    if (!dryRun) {
      // The time before the request, because a redriven message may be handled before the broker answers.
      const at = Date.now();
      const count = await deadLetters[action](letters.map(({ id }) => id)).catch((error: unknown) => {
        throw opsErrorOf(error);
      });
      progress.done += count;
      // If the numbers differ, another program took some of the letters, and the broker does not report which.
      if (count === letters.length) onDone(letters, at);
    }
    onProgress({ ...progress });
    if (dryRun || rate === undefined) return !signal.aborted;
    const wait = (progress.matched / rate) * 1_000 - (performance.now() - began);
    return wait <= 0 ? !signal.aborted : pause(wait, signal);
  }

  for await (const page of readDeadLetters(source, { group, keys })) {
    if (signal.aborted) return { status: 'cancelled', reachedCap: false };
    progress.scanned += page.length;
    const selected = page.filter((letter) => letter.deadLetteredAt <= startedAt && isMatch(letter));
    for (let start = 0; start < selected.length; ) {
      const free = cap - progress.matched;
      if (free <= 0) return { status: 'completed', reachedCap: true };
      const chunk = selected.slice(start, start + Math.min(most, free));
      start += chunk.length;
      if (!(await settle(chunk))) return { status: 'cancelled', reachedCap: false };
    }
    onProgress({ ...progress });
  }
  return { status: 'completed', reachedCap: false };
}
