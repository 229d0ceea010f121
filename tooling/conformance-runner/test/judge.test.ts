import { setTimeout as elapse } from 'node:timers/promises';
import { properties } from '@slack-mcp/conformance';
import { expect, test } from 'vitest';
import { type BrokenBackend, brokenBackends } from '../src/broken/index.ts';
import { judge, neverFailed } from '../src/judge.ts';
import { consumeWith, wrapBackend, wrapSubscription } from '../src/wrap.ts';

test('there are many broken backends, each with a unique name', () => {
  expect(brokenBackends.length).toBeGreaterThanOrEqual(15);
  expect(new Set(brokenBackends.map(({ name }) => name)).size).toBe(brokenBackends.length);
});

test('ids are stable words, and every id in a broken backend exists', () => {
  const ids = properties.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id } of properties) expect(id).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  for (const { caughtBy, also = [] } of brokenBackends)
    expect(ids).toEqual(expect.arrayContaining([caughtBy, ...also]));
});

test('a broken backend fails every property, except network.wiped, which requires a broker whose data can be deleted', () => {
  expect(neverFailed()).toEqual(['network.wiped']);
});

test('does not count a slow backend as broken', async () => {
  const late: BrokenBackend = {
    name: 'is late by more than the first deadline',
    caughtBy: 'flow.history-bounded',
    harness: (memory) => ({
      ...memory,
      create(options) {
        const backend = memory.create(options);
        if (options.maxLength === undefined) return backend;
        return wrapBackend(backend, {
          consume: consumeWith((consumed) => {
            const inner = backend.consume(consumed);
            const late = elapse(1_500);
            return wrapSubscription(inner, { next: () => late.then(() => inner.next()) });
          }),
        });
      },
    }),
  };
  const { found, unrelated } = await judge(late, 'backend');
  expect(found?.status).toBe('passed');
  expect(unrelated).toEqual([]);
});
