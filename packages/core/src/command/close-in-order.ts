import type { Logger } from '../contract/logger.ts';
import { withinTime } from './within-time.ts';

/** Something that has to be closed. */
export interface ClosingStep {
  readonly name: string;
  /** Resolves once closed; never throws but rejects. `drainTimeoutMs`: milliseconds that are left. */
  close(drainTimeoutMs: number): Promise<void>;
}

/** Milliseconds beyond the drain time, for letting go of what was not finished. */
const GRACE_MS = 2_000;

/** Milliseconds for whatever comes after the grace is used up as well. */
const LAST_MS = 200;

/**
 * Closes one after the other within a drain time that all share. What takes longer, or fails, is named in the log and
 * left behind.
 *
 * @throws Error - names what did not close
 */
export async function closeInOrder(
  steps: readonly ClosingStep[],
  { drainTimeoutMs, logger }: { readonly drainTimeoutMs: number; readonly logger: Logger },
): Promise<void> {
  const deadline = performance.now() + drainTimeoutMs;
  const problems: string[] = [];
  for (const step of steps) {
    const leftMs = deadline - performance.now();
    const closing = step.close(Math.max(0, leftMs));
    const problem = await withinTime(closing, Math.max(leftMs + GRACE_MS, LAST_MS)).then(
      (outcome) => (outcome === 'late' ? 'it takes too long' : undefined),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem === undefined) continue;
    logger.warn({ part: step.name, reason: problem }, 'part_not_closed');
    problems.push(`${step.name} (${problem})`);
  }
  if (problems.length > 0) throw new Error(`did not close cleanly: ${problems.join(', ')}`);
}
