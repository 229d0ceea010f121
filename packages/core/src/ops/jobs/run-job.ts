import { setImmediate as turn } from 'node:timers/promises';
import type { DeadLetter, DeadLetterBatch } from '../../contract/dead-letters.ts';
import { pause } from '../../retry/pause.ts';
import { createDeadLetterMatch } from '../dead-letters/dead-letter-filter.ts';
import { type DeadLetterSource, opsErrorOf, scanDeadLetters } from '../dead-letters/read-dead-letters.ts';
import type { JobProgress, JobRequest } from './job.ts';

/** The result of a job that ended without an error. */
export interface JobEnd {
  readonly status: 'completed' | 'cancelled';
  readonly reachedCap: boolean;
}

/** Options of {@link runJob}. */
export interface RunJobOptions {
  readonly source: DeadLetterSource;
  /** Cancels the job. Dead letters that have already been redriven or purged are not restored. */
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
 * Redrives or purges dead letters step by step. Holds at most one batch of dead letters in memory. Ignores dead letters
 * that were parked after the job began, so that a message that fails again is redriven only once.
 *
 * @throws OpsError - the broker does not answer
 */
export async function runJob(request: JobRequest, options: RunJobOptions): Promise<JobEnd> {
  const { action, group, keys, filter, dryRun = false, cap = Number.POSITIVE_INFINITY, ratePerSecond: rate } = request;
  const { source, signal, onProgress, onDone } = options;
  const isMatch = createDeadLetterMatch(filter);
  const most = rate === undefined ? MAX_CHUNK : Math.min(MAX_CHUNK, Math.ceil(rate / CHUNKS_PER_SECOND));
  const startedAt = Date.now();
  const began = performance.now();
  const progress = { scanned: 0, matched: 0, done: 0 };
  let reachedCap = false;

  async function act(batch: DeadLetterBatch, letters: readonly DeadLetter[]): Promise<void> {
    progress.matched += letters.length;
    if (dryRun || letters.length === 0) return;
    // The time before the request, because a redriven message may be handled before the broker answers.
    const at = Date.now();
    const count = await batch[action](letters.map(({ id }) => id)).catch((error: unknown) => {
      throw opsErrorOf(error);
    });
    progress.done += count;
    // If the numbers differ, another program took some of the letters, and the broker does not report which.
    if (count === letters.length) onDone(letters, at);
  }

  /** Returns whether to continue. */
  async function visit(batch: DeadLetterBatch): Promise<boolean> {
    if (signal.aborted) return false;
    const selected = batch.items.filter((letter) => letter.deadLetteredAt <= startedAt && isMatch(letter));
    reachedCap = selected.length > cap - progress.matched;
    progress.scanned += batch.items.length;
    await act(batch, selected.slice(0, cap - progress.matched));
    onProgress({ ...progress });
    if (reachedCap) return false;
    // A backend in this process answers without waiting. Requests, among them the one that cancels, must be served.
    await turn();
    if (dryRun || rate === undefined || selected.length === 0) return !signal.aborted;
    const wait = (progress.matched / rate) * 1_000 - (performance.now() - began);
    return wait <= 0 ? !signal.aborted : pause(wait, signal);
  }

  await scanDeadLetters(source, { group, keys, size: most }, visit);
  return signal.aborted && !reachedCap
    ? { status: 'cancelled', reachedCap: false }
    : { status: 'completed', reachedCap };
}
