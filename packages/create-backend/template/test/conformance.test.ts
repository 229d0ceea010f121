import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConformance } from '@slack-mcp/conformance';
import { harness } from './harness.ts';

test('passes the conformance suite', async (context) => {
  const { properties } = await runConformance(harness, { scale: 0.1, deadlineMs: 10_000, concurrency: 8 });
  const count = (status: string): number => properties.filter((property) => property.status === status).length;
  context.diagnostic(`${count('passed')} passed, ${count('not-run')} not run, ${count('not-applicable')} n/a`);
  const failed = properties.filter(({ status }) => status === 'failed');
  assert.deepEqual(failed, []);
});
