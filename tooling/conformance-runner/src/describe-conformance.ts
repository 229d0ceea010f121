import { type ConformanceOptions, properties, runConformance } from '@slack-mcp/conformance';
import { afterAll, describe, expect, test } from 'vitest';
import type { HarnessEntry } from './find-harnesses.ts';
import { loadHarness } from './load-harness.ts';

/** Milliseconds after which a property that forgot its deadlines is given up. */
const TIMEOUT_MS = 900_000;

/** Milliseconds that each thing which must happen may take: only what hangs ever waits so long. */
const DEADLINE_MS = 60_000;

/** One test for each property. What cannot be judged is skipped, with the reason. */
export function describeConformance(entry: HarnessEntry, options: ConformanceOptions = {}): void {
  describe(entry.name, async () => {
    const harness = await loadHarness(entry);
    if (typeof harness === 'string') return test.skip(harness, () => {});
    afterAll(() => harness.dispose?.());
    test.for(properties.map(({ id }) => id))('%s', { timeout: TIMEOUT_MS }, async (id, { skip }) => {
      const { properties: results } = await runConformance(harness, {
        deadlineMs: DEADLINE_MS,
        ...options,
        only: [id],
      });
      const { status, reason } = results[0] as (typeof results)[number];
      if (status === 'not-run' || status === 'not-applicable') skip(`${status}: ${reason}`);
      expect(reason).toBeUndefined();
      expect(status).toBe('passed');
    });
  });
}
