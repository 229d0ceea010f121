import type { ConformanceHarness, ConformanceOptions } from '@slack-mcp/core/conformance';
import { properties, runConformance } from '@slack-mcp/core/conformance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** One test for each property. What cannot be judged is skipped, with the reason. */
export function describeConformance(
  name: string,
  load: () => Promise<ConformanceHarness>,
  options: ConformanceOptions = {},
): void {
  describe(name, () => {
    let harness: ConformanceHarness;
    beforeAll(async () => {
      harness = await load();
    });
    afterAll(() => harness?.dispose?.());
    test.for(properties.map(({ id }) => id))('%s', async (id, { skip }) => {
      const { properties: results } = await runConformance(harness, { ...options, only: [id] });
      const { status, reason } = results[0] as (typeof results)[number];
      if (status === 'not-run' || status === 'not-applicable') skip(`${status}: ${reason}`);
      expect(reason).toBeUndefined();
      expect(status).toBe('passed');
    });
  });
}
