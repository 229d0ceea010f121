import { describe, expect, test } from 'vitest';
import { type BrokenBackend, brokenBackends } from './broken/index.ts';
import { idsOf, judge, type Scope } from './judge.ts';

/** Milliseconds for the whole suite on one backend, several at a time on a busy machine. */
const TIMEOUT_MS = 300_000;

/**
 * A share of the broken backends, each of which must fail the property made for its mistake and no unrelated one. They
 * wait more than they work, so they overlap, as many as vitest's `maxConcurrency`; what looks at the whole process is
 * asked of each alone, afterwards.
 */
export function describeJudgement(index: number, count: number): void {
  const share = brokenBackends.filter((_, position) => position % count === index);
  describe.concurrent('beside others', () => testEach(share, 'backend'));
  describe('alone in the process', () => testEach(share, 'process'));
}

function testEach(share: readonly BrokenBackend[], scope: Scope): void {
  const ids = idsOf(scope);
  test.for(share)('$name: $caughtBy', { timeout: TIMEOUT_MS }, async (broken) => {
    const { found, unrelated } = await judge(broken, scope);
    if (ids.includes(broken.caughtBy)) expect(found?.status, 'the suite missed it').toBe('failed');
    expect(unrelated).toEqual([]);
  });
}
