import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { listen } from '../support/listen.ts';
import { createFixtureServers } from './fixture/fixture-servers.ts';
import { type Revision, runConformance } from './run-conformance.ts';

/** An extension, and requests for tools with their own headers: both are optional, and not implemented here. */
const NOT_SERVED = /^tasks-|^http-custom-header-/;

describe('the HTTP host with the items of the conformance runner', () => {
  it.each<[Revision, required: number]>([
    ['2025-11-25', 30],
    ['2026-07-28', 37],
  ])('meets every requirement of revision %s', { timeout: 120_000 }, async (revision, required) => {
    await using server = await listen({ host: createFixtureServers(), logger: capturedLog() });
    const { passed, passing, failing, said } = await runConformance(`${server.url}/mcp`, revision);
    expect(passed, said.slice(-6_000)).toBe(true);
    expect(failing.filter((name) => !NOT_SERVED.test(name))).toEqual([]);
    expect(passing.length).toBeGreaterThan(required);
  });
});
