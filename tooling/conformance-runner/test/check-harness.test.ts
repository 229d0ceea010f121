import { setTimeout as elapse } from 'node:timers/promises';
import { type ConformanceHarness, runConformance } from '@slack-mcp/conformance';
import { expect, test } from 'vitest';
import { loadMemory } from '../src/index.ts';
import { wrapBackend } from '../src/wrap.ts';

const settings = { scale: 0.01, deadlineMs: 2_000 };

test.each<[string, object | ((memory: ConformanceHarness) => object), RegExp]>([
  [
    'an id',
    { notApplicable: { 'payload.larg': 'x' } },
    /"payload\.larg" is not the id of a property.*did you mean payload\.large\?/,
  ],
  ['an override', { overrides: ['leaseMS'] }, /"leaseMS" is not an override, did you mean leaseMs\?/],
  ['a fault', { faults: { restartBrokers: async () => {} } }, /"restartBrokers" is not a fault/],
  ['a member of inspect', { inspect: { pendings: async () => 0 } }, /"pendings" is not a member of inspect/],
  ['a member', { injectRaws: async () => {} }, /"injectRaws" is not a member of the harness/],
  [
    'a capability',
    ({ capabilities }) => ({ capabilities: { ...capabilities, transactions: true } }),
    /"transactions" is not a capability/,
  ],
])('%s that the suite does not know rejects the run', async (_name, change, message) => {
  const memory = await loadMemory();
  const harness = { ...memory, ...(typeof change === 'function' ? change(memory) : change) } as ConformanceHarness;
  await expect(runConformance(harness, { ...settings, only: ['delivery.order'] })).rejects.toThrow(message);
});

test('reports a dead read loop with the property that waited for it', async () => {
  const memory = await loadMemory();
  const harness: ConformanceHarness = {
    ...memory,
    create: (options) => {
      const backend = memory.create(options);
      return wrapBackend(backend, {
        publish: async () => {
          void elapse(1).then(() => {
            throw new Error('the read loop died');
          });
        },
      });
    },
  };
  const { properties } = await runConformance(harness, { ...settings, deadlineMs: 200, only: ['delivery.order'] });
  expect(properties).toMatchObject([
    { status: 'failed', reason: expect.stringMatching(/waited 200 ms .*; meanwhile: .*the read loop died/) },
  ]);
});

test('skips connection faults, but not crashes, for a queue that processes of one machine share', async () => {
  const memory = await loadMemory();
  const { faults: _, spawnConsumer: __, ...rest } = memory;
  const harness: ConformanceHarness = { ...rest, capabilities: { ...memory.capabilities, scope: 'host' } };
  const only = ['network.health', 'crash.sigkill-consumer'];
  const { properties } = await runConformance(harness, { ...settings, only });
  expect(properties.map(({ id, status }) => [id, status])).toEqual([
    ['crash.sigkill-consumer', 'not-run'],
    ['network.health', 'not-applicable'],
  ]);
});

test('names the required lease if a property waits in vain for a killed consumer', async () => {
  const memory = await loadMemory();
  const harness: ConformanceHarness = {
    ...memory,
    capabilities: { ...memory.capabilities, scope: 'network' },
    // Reports no message: as if the lease of a killed consumer had not ended.
    spawnConsumer: { module: 'data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 60_000))' },
  };
  const { properties } = await runConformance(harness, {
    ...settings,
    deadlineMs: 200,
    only: ['crash.sigkill-consumer'],
  });
  expect(properties[0]?.reason).toMatch(/waited 200 ms .*must set a lease well below deadlineMs \(200 ms\)$/);
});
