import { type ConformanceHarness, properties, runConformance } from '@slack-mcp/conformance';
import type { HarnessEntry } from './find-harnesses.ts';
import { loadHarness } from './load-harness.ts';
import { type StoredProperty, type StoredResult, toStored } from './results.ts';

/** How to test a backend. */
export interface JudgeSettings {
  readonly scale: number;
  readonly deadline: number;
  readonly concurrency: number;
  /** Ids of the properties. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** See {@link HarnessOptions}. */
  readonly brokerVersion?: string | undefined;
}

/** The outcome for one backend. */
export interface Verdict {
  readonly properties: readonly StoredProperty[];
  /** Complete results for the documentation; absent if the run did not complete. */
  readonly result?: StoredResult;
  /** Failures outside the properties. */
  readonly failure?: string;
}

/** Tests a backend. Never rejects: the failure of one harness does not affect the other backends. */
export async function judgeBackend(
  entry: HarnessEntry,
  settings: JudgeSettings,
  progress: (line: string) => void,
): Promise<Verdict> {
  const { name } = entry;
  const selected = properties.map(({ id }) => id).filter((id) => settings.only?.includes(id) ?? true);
  const all = (status: 'failed' | 'not-run', reason: string): Verdict => ({
    properties: selected.map((id) => ({ id, status, reason })),
  });
  let harness: ConformanceHarness | string;
  try {
    harness = await loadHarness(entry, 'conformance', { brokerVersion: settings.brokerVersion });
  } catch (error) {
    return all('failed', `the harness cannot be loaded: ${reasonOf(error)}`);
  }
  if (typeof harness === 'string') return all('not-run', harness);
  let verdict: Verdict;
  try {
    const report = await runConformance(harness, {
      scale: settings.scale,
      deadlineMs: settings.deadline,
      concurrency: settings.concurrency,
      only: selected,
      onResult: ({ id, status, reason, durationMs }) =>
        progress(`${name} ${id}: ${status}${reason === undefined ? ` in ${durationMs} ms` : `, ${reason}`}`),
    });
    const stored = toStored(report);
    verdict = { properties: stored, result: { capabilities: harness.capabilities, properties: stored } };
  } catch (error) {
    verdict = all('failed', `the harness cannot be used: ${reasonOf(error)}`);
  }
  try {
    await harness.dispose?.();
  } catch (error) {
    return { ...verdict, failure: `the harness cannot be ended: ${reasonOf(error)}` };
  }
  return verdict;
}

/** Returns one line, because a column has no room for a stack. */
function reasonOf(error: unknown): string {
  return String(error).split('\n')[0] as string;
}
