import { type ConformanceHarness, properties, runConformance, runsAlone } from '@slack-mcp/conformance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHarness } from './conformance-harness.ts';
import { findBinaries, PostgresServer } from './postgres-server.ts';

/** Milliseconds to wait for an expected event. Only a backend that hangs takes this long. */
const DEADLINE_MS = 60_000;

describe.skipIf(findBinaries() === undefined)('postgres', () => {
  let harness: ConformanceHarness;
  beforeAll(async () => {
    // Only a killed consumer loses a lease, and the command `conformance` tests those.
    harness = await createHarness(await PostgresServer.start(), 30_000);
  });
  afterAll(() => harness?.dispose?.());

  test('passes every property that needs no fault of the server and no killed consumer', {
    timeout: 600_000,
  }, async () => {
    const only = properties
      .filter((property) => !runsAlone(property) && property.needs?.consumerProcess !== true)
      .map(({ id }) => id);
    const report = await runConformance(harness, { only, scale: 0.05, deadlineMs: DEADLINE_MS, concurrency: 8 });
    expect(report.properties.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  const faults = ['crash.broker-restart', 'crash.broker-sigkill', 'network.publish-ambiguous', 'network.publish-waits'];
  test('keeps its messages when the server restarts or dies', { timeout: 600_000 }, async () => {
    const only = properties.map(({ id }) => id).filter((id) => faults.includes(id));
    const report = await runConformance(harness, { only, scale: 0.05, deadlineMs: DEADLINE_MS });
    expect(report.properties.filter(({ status }) => status !== 'passed')).toEqual([]);
  });
});
