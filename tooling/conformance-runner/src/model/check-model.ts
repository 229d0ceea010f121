import { randomUUID } from 'node:crypto';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import * as fc from 'fast-check';
import { type Shared, steps } from './commands.ts';
import { World } from './world.ts';

/** The seed and the limits of a run. */
export interface ModelRun {
  seed: number;
  runs: number;
  /** Maximum milliseconds to wait for an expected message. Default 10000. */
  deadlineMs?: number;
  /** Whether to search for the shortest failing sequence. Default true. */
  shrink?: boolean;
}

/** Milliseconds for the search for the shortest sequence, and the maximum wait of each sequence during the search. */
const SHRINK_MS = 20_000;
const SHRINK_DEADLINE_MS = 1_000;

/**
 * Applies random steps to a backend and to a model of it, and compares both after each step. If they differ, throws an
 * error with the seed and the shortest failing sequence that was found in time.
 */
export async function checkModel(
  harness: ConformanceHarness,
  { seed, runs, deadlineMs = 10_000, shrink = true }: ModelRun,
): Promise<void> {
  let shrinkUntil: number | undefined;
  const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (commands) => {
    // After the time limit, a sequence is not run and counts as passed.
    if (shrinkUntil !== undefined && performance.now() > shrinkUntil) return;
    const patienceMs = shrinkUntil === undefined ? deadlineMs : Math.min(deadlineMs, SHRINK_DEADLINE_MS);
    const world = new World(harness, `model-${randomUUID()}`, ['owed'], patienceMs);
    try {
      const shared: Shared = { world };
      await fc.asyncModelRun(() => ({ model: shared, real: shared }), commands);
      await world.settle();
    } catch (error) {
      shrinkUntil ??= performance.now() + SHRINK_MS;
      throw error;
    } finally {
      await world.destroy();
    }
  });
  await fc.assert(property, { seed, numRuns: runs, endOnFailure: !shrink });
}
