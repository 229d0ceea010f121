import { type ConformanceHarness, type PropertyResult, properties, runConformance } from '@slack-mcp/conformance';
import type { QueueBackend } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { loadMemory } from '../src/find-harnesses.ts';
import { referenceHarness } from '../src/reference/reference-harness.ts';
import { wrapBackend } from '../src/wrap.ts';

const settings = { scale: 0.01, deadlineMs: 500 };

async function resultOf(harness: ConformanceHarness, id: string): Promise<PropertyResult> {
  const { properties: results } = await runConformance(harness, { ...settings, only: [id] });
  return results[0] as PropertyResult;
}

/** The memory backend, doing something on the side with each publish. */
async function onPublish(act: (backend: QueueBackend) => void): Promise<ConformanceHarness> {
  const memory = await loadMemory();
  return {
    ...memory,
    create(options) {
      const backend = memory.create(options);
      return wrapBackend(backend, {
        publish(...message) {
          act(backend);
          return backend.publish(...message);
        },
      });
    },
  };
}

test('reports a missing fault, override, inspection or process as "not run", with its name', async () => {
  const { faults: _, inspect: __, overrides: ___, injectRaw: ____, ...bare } = referenceHarness(await loadMemory());
  for (const [id, reason] of [
    ['network.health', 'the harness lacks the fault proxy'],
    ['flow.full', 'the harness lacks the override maxBacklog'],
    ['delivery.independent-leaves-nothing', 'the harness lacks inspect.objects'],
    ['dead-letter.undecodable', 'the harness lacks injectRaw'],
    ['crash.resume', 'the harness lacks spawnConsumer'],
    ['network.lease-lost', 'the harness lacks the fault proxy, the override leaseMs'],
  ] as const) {
    expect(await resultOf(bare, id)).toMatchObject({ id, status: 'not-run', reason });
  }
});

test('reports an inapplicable property as "not applicable", with the reason', async () => {
  const memory = await loadMemory();
  expect(await resultOf(memory, 'network.health')).toMatchObject({ status: 'not-applicable' });
  const excused = { ...memory, notApplicable: { 'payload.large': 'the broker takes 1 KB' } };
  expect(await resultOf(excused, 'payload.large')).toMatchObject({
    status: 'not-applicable',
    reason: 'the broker takes 1 KB',
  });
});

test.for([
  [
    'an unhandled rejection',
    (): void => {
      Promise.reject(new Error('not handled'));
    },
    'unhandled rejection: Error: not handled',
  ],
  [
    'an uncaught exception',
    (): void => {
      setImmediate(() => {
        throw new Error('not caught');
      });
    },
    'uncaught exception: Error: not caught',
  ],
] as const)('%s fails only the property that caused it', async ([, act, reason]) => {
  const harness = await onPublish(() => act());
  const only = ['contract.metadata', 'contract.patterns', 'lifecycle.abort-idle'];
  const { properties: results } = await runConformance(harness, { ...settings, only, concurrency: 3 });
  expect(results.map(({ id, status }) => [id, status])).toEqual([
    ['contract.patterns', 'passed'],
    ['contract.metadata', 'failed'],
    ['lifecycle.abort-idle', 'passed'],
  ]);
  expect(results[1]?.reason).toBe(reason);
});

test('concurrent runs in a process keep their failures separate and restore its listeners', async () => {
  const listeners = process.listeners('unhandledRejection');
  const unhandled = (): void => {
    Promise.reject(new Error('unhandled'));
  };
  const run = async (act: () => void, id: string): Promise<string> => (await resultOf(await onPublish(act), id)).status;
  const first = run(() => {}, 'contract.metadata');
  const second = run(unhandled, 'delivery.order');
  expect(await first).toBe('passed');
  const third = run(unhandled, 'contract.keys');
  expect(await Promise.all([second, third, run(() => {}, 'retry.nack')])).toEqual(['failed', 'failed', 'passed']);
  expect(process.listeners('unhandledRejection')).toEqual(listeners);
});

test('a backend that hangs everywhere fails within the deadlines', async () => {
  const memory = await loadMemory();
  const never = (): Promise<never> => new Promise(() => {});
  const harness: ConformanceHarness = {
    ...memory,
    create: (options) => wrapBackend(memory.create(options), { publish: never, health: never, close: never }),
  };
  const report = await runConformance(harness, { scale: 0.01, deadlineMs: 100, concurrency: 100 });
  const passed = report.properties.filter(({ status }) => status === 'passed').map(({ id }) => id);
  expect(report.properties.some(({ status }) => status === 'failed')).toBe(true);
  expect(passed).not.toContain('lifecycle.close-bounded');
  expect(passed).not.toContain('contract.publish-confirmed');
});

test('rejects an unknown id', async () => {
  await expect(runConformance(await loadMemory(), { only: ['delivery.nope'] })).rejects.toThrow(/delivery\.nope/);
});

test('every property has a title that is a sentence', () => {
  for (const { title } of properties) expect(title).toMatch(/^[A-Z`“].*\.$/);
});
