import { randomUUID } from 'node:crypto';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import * as fc from 'fast-check';
import { type Shared, steps } from './commands.ts';
import { World } from './world.ts';

/** How long and from which seed to look. */
export interface ModelRun {
  seed: number;
  runs: number;
  /** Milliseconds that something may take that must come. Default 10000. */
  deadlineMs?: number;
  /** Looks for the shortest sequence. Default true. */
  shrink?: boolean;
}

/** Milliseconds for which the shortest sequence is looked for, and how long each may wait meanwhile. */
const SHRINK_MS = 20_000;
const SHRINK_DEADLINE_MS = 1_000;

/**
 * Does random things to a backend and to a model of it, and compares them after each step. Throws the shortest
 * sequence it found in time at which they differ, with the seed.
 */
export async function checkModel(
  harness: ConformanceHarness,
  { seed, runs, deadlineMs = 10_000, shrink = true }: ModelRun,
): Promise<void> {
  let shrinkUntil: number | undefined;
  const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (commands) => {
    // A sequence that is not tried is no shorter one that fails.
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
