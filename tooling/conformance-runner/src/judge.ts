import { type PropertyResult, properties, runConformance } from '@slack-mcp/conformance';
import { type BrokenBackend, brokenBackends } from './broken/index.ts';
import { loadMemory } from './find-harnesses.ts';

/** Properties of one backend at a time. */
const CONCURRENCY = 32;

/** What the suite found out about a broken backend. */
export interface Judgement {
  /** The result of the property that was made for its mistake, where it was among those asked. */
  readonly found: PropertyResult | undefined;
  /** Properties that fail although they have nothing to do with it. */
  readonly unrelated: readonly PropertyResult[];
}

/** `process`: the properties that look at the whole process. `backend`: all others, beside which others may run. */
export type Scope = 'process' | 'backend';

/** The properties of a scope. */
export function idsOf(scope: Scope): readonly string[] {
  return properties.filter(({ exclusive = false }) => exclusive === (scope === 'process')).map(({ id }) => id);
}

/**
 * Runs the suite's properties of a scope on a broken backend, with little patience. A busy machine may be late by a
 * second: what failed by a deadline alone, or should not have failed, is asked again with more patience, and only what
 * fails then as well is broken.
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
