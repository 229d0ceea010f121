import { type PropertyResult, properties, runConformance } from '@slack-mcp/core/conformance';
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

/** Runs the whole suite on a broken backend. */
export async function judge(broken: BrokenBackend): Promise<Judgement> {
  const harness = broken.harness(await loadMemory());
  const report = await runConformance(harness, { scale: 0.01, deadlineMs: 1000, concurrency: 32 });
  const found = report.properties.find(({ id }) => id === broken.caughtBy) as PropertyResult;
  const expected = new Set([broken.caughtBy, ...(broken.also ?? [])]);
  const suspects = report.properties.filter(({ id, status }) => status === 'failed' && !expected.has(id));
  if (suspects.length === 0) return { found, unrelated: [] };
  // A busy machine may be late by a second. Asked again in peace, only what is really broken fails.
  const only = suspects.map(({ id }) => id);
  const again = await runConformance(harness, { scale: 0.01, deadlineMs: 15_000, only });
  return { found, unrelated: again.properties.filter(({ status }) => status === 'failed') };
}

/** Ids of the properties that no broken backend fails. */
export function neverFailed(): string[] {
  const failed = new Set(brokenBackends.flatMap(({ caughtBy, also = [] }) => [caughtBy, ...also]));
  return properties.map(({ id }) => id).filter((id) => !failed.has(id));
}
