import type { Logger } from '../contract/logger.ts';
import { withinTime } from './within-time.ts';

/** A component that the program closes when it stops. */
export interface ClosingStep {
  readonly name: string;
  /** Closes the component within `drainTimeoutMs` milliseconds. Reports a failure as a rejection and never throws. */
  close(drainTimeoutMs: number): Promise<void>;
}

/** Additional milliseconds after the drain time to release unfinished work. */
const GRACE_MS = 2_000;

/** Milliseconds for each remaining step after the grace period ends. */
const LAST_MS = 200;

/**
 * Closes the components one after another within one shared drain time. Logs and skips a component that takes too long
 * or fails to close.
 *
 * @throws Error - components failed to close or took too long; the message names all of them
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
  if (problems.length > 0) throw new Error(`some components did not close cleanly: ${problems.join(', ')}`);
}
