import { type PropertyResult, properties, runConformance } from '@slack-mcp/conformance';
import { type BrokenBackend, brokenBackends } from './broken/index.ts';
import { loadMemory } from './find-harnesses.ts';

/** What the suite found out about a broken backend. */
export interface Judgement {
  /** The result of the property that was made for its mistake. */
  readonly found: PropertyResult;
  /** Properties that fail although they have nothing to do with it. */
  readonly unrelated: readonly PropertyResult[];
}

/** The broken backends, dealt out to `count` hands. */
export function hand(index: number, count: number): BrokenBackend[] {
  return brokenBackends.filter((_, position) => position % count === index);
}

/**
 * Runs the whole suite on a broken backend, with little patience. A busy machine may be late by a second: what failed by
 * a deadline alone, or should not have failed, is asked again in peace, and only what fails then as well is broken.
 */
export async function judge(broken: BrokenBackend): Promise<Judgement> {
  const harness = broken.harness(await loadMemory());
  const ask = async (deadlineMs: number, only?: readonly string[]): Promise<readonly PropertyResult[]> => {
    const settings = { scale: 0.01, deadlineMs, ...(only === undefined ? { concurrency: 32 } : { only }) };
    return (await runConformance(harness, settings)).properties;
  };
  const results = await ask(1_000);
  const first = results.find(({ id }) => id === broken.caughtBy) as PropertyResult;
  const [found = first] = isMissedDeadline(first) ? await ask(5_000, [first.id]) : [];
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
