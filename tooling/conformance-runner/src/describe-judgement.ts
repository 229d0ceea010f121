import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokenBackend, brokenBackends } from './broken/index.ts';
import { idsOf, judge, type Scope } from './judge.ts';

/** Milliseconds for the whole suite on one backend, several at a time on a busy machine. */
const TIMEOUT_MS = 300_000;

/**
 * Tests a share of the broken backends. Each backend must fail the property for its fault and no unrelated property.
 * The tests mostly wait, so up to vitest's `maxConcurrency` of them overlap. Properties that examine the whole process
 * run alone afterwards.
 */
export function describeJudgement(index: number, count: number): void {
  const share = brokenBackends.filter((_, position) => position % count === index);
  withoutStacks();
  describe.concurrent('beside others', () => testEach(share, 'backend'));
  describe('alone in the process', () => testEach(share, 'process'));
}

/** Backends fail thousands of times here, and results have no stacks. Stacks take a tenth of the processor time. */
function withoutStacks(): void {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
}

function testEach(share: readonly BrokenBackend[], scope: Scope): void {
  const ids = idsOf(scope);
  test.for(share)('$name: $caughtBy', { timeout: TIMEOUT_MS }, async (broken) => {
    const { found, unrelated } = await judge(broken, scope);
    if (ids.includes(broken.caughtBy)) expect(found?.status, 'the suite missed it').toBe('failed');
    expect(unrelated).toEqual([]);
  });
}
