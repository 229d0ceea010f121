import assert from 'node:assert/strict';
import { type ConformanceHarness, runConformance } from '@slack-mcp/conformance';
import { loadBackend } from '@slack-mcp/core';
import { OutsideBackend, plugin } from './outside-backend.ts';

// Runs properties of the suite on a backend from outside the repository. Exits with 0 when they pass.

const harness: ConformanceHarness = {
  name: 'outside',
  Backend: OutsideBackend,
  capabilities: new OutsideBackend().capabilities,
  create: ({ namespace, groups = [], keys = ['slack_events'] }) =>
    new OutsideBackend({ prefix: namespace, groups, keys }),
  envFor: (namespace) => ({ OUTSIDE_PREFIX: namespace }),
  destroy: async () => {},
  invalidEnv: [{ env: { OUTSIDE_TIMEOUT_MS: '0' }, variable: 'OUTSIDE_TIMEOUT_MS' }],
};

/** The properties of independent consumers and of the options. */
const only = [
  'contract.capabilities',
  'contract.from-env-refuses',
  'contract.invalid-options',
  'contract.lazy',
  'delivery.independent-misses-nothing',
  'delivery.ready-barrier',
];
const { properties } = await runConformance(harness, { only, scale: 0.01, deadlineMs: 10_000 });
assert.deepEqual(
  properties.filter(({ status }) => status !== 'passed'),
  [],
);

const { backend } = await loadBackend({ plugin });
assert.equal(backend.name, 'outside');
await backend.close();
