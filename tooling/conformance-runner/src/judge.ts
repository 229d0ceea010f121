import { type PropertyResult, properties, runConformance } from '@slack-mcp/conformance';
import { type BrokenBackend, brokenBackends } from './broken/index.ts';
import { loadMemory } from './find-harnesses.ts';

/** Maximum number of properties that run at the same time on one backend. */
const CONCURRENCY = 32;

/** The result of the suite for a broken backend. */
export interface Judgement {
  /** The result of the property that must catch the fault, if it was among the tested properties. */
  readonly found: PropertyResult | undefined;
  /** Unrelated properties that failed. */
  readonly unrelated: readonly PropertyResult[];
}

/**
 * `process`: properties that examine the whole process and run alone. `backend`: all others, which can run
 * concurrently.
 */
export type Scope = 'process' | 'backend';

/** The properties of a scope. */
export function idsOf(scope: Scope): readonly string[] {
  return properties.filter(({ exclusive = false }) => exclusive === (scope === 'process')).map(({ id }) => id);
}

/**
 * Runs the suite's properties of a scope on a broken backend with short deadlines. A busy machine can be late by a
 * second, so properties that failed only by a deadline, or unexpectedly, run again with longer deadlines. Only
 * properties that also fail then count as failed.
 */
export async function judge(broken: BrokenBackend, scope: Scope): Promise<Judgement> {
  const harness = broken.harness(await loadMemory());
  const ask = async (deadlineMs: number, only: readonly string[]): Promise<readonly PropertyResult[]> => {
    const settings = { scale: 0.01, deadlineMs, only, concurrency: CONCURRENCY };
    return (await runConformance(harness, settings)).properties;
  };
  const results = await ask(1_000, idsOf(scope));
  const first = results.find(({ id }) => id === broken.caughtBy);
  const [found] = first !== undefined && isMissedDeadline(first) ? await ask(5_000, [first.id]) : [first];
  const expected = new Set([broken.caughtBy, ...(broken.also ?? [])]);
  const suspects = results.filter(({ id, status }) => status === 'failed' && !expected.has(id)).map(({ id }) => id);
  const again = suspects.length === 0 ? [] : await ask(15_000, suspects);
  return { found, unrelated: again.filter(({ status }) => status === 'failed') };
}

function isMissedDeadline({ status, reason = '' }: PropertyResult): boolean {
  return status === 'failed' && /\bwaited \d+ ms for /.test(reason);
}

/** Ids of the properties that no broken backend fails. */
export function neverFailed(): string[] {
  const failed = new Set(brokenBackends.flatMap(({ caughtBy, also = [] }) => [caughtBy, ...also]));
  return properties.map(({ id }) => id).filter((id) => !failed.has(id));
}
