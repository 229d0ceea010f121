import { expect, test } from 'vitest';
import { type ComponentHealth, createHealthReporter } from '../src/index.ts';

test('combines the components, and states the time', async () => {
  const report = await createHealthReporter({
    fine: () => ({ status: 'up' }),
    slow: async () => ({ status: 'degraded', detail: { reason: 'slow' } }),
  })();
  expect(report).toMatchObject({
    status: 'degraded',
    components: { fine: { status: 'up' }, slow: { status: 'degraded', detail: { reason: 'slow' } } },
  });
  expect(new Date(report.timestamp).toISOString()).toBe(report.timestamp);
});

test('does not wait for a broker that does not answer, and reports its latest answer until the time limit', async () => {
  const answers: (() => void)[] = [];
  const check = (): Promise<ComponentHealth> =>
    new Promise((resolve) => {
      answers.push(() => resolve({ status: 'up' }));
    });
  const patient = createHealthReporter({ queue: check }, { patienceMs: 0, timeoutMs: 60_000 });
  const first = patient();
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.();
  expect(await first).toMatchObject({ status: 'up' });
  // One check runs at a time, and an earlier answer stands for it.
  const running = answers.length;
  expect(await patient()).toMatchObject({ status: 'up' });
  expect(await patient()).toMatchObject({ status: 'up' });
  expect(answers.length).toBeLessThanOrEqual(running + 1);
});

test('waits for a slow check if there is no recent answer', async () => {
  const answers: (() => void)[] = [];
  const check = (): Promise<ComponentHealth> => new Promise((resolve) => answers.push(() => resolve({ status: 'up' })));
  const first = createHealthReporter({ queue: check }, { patienceMs: 0, timeoutMs: 60_000 })();
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.();
  expect(await first).toMatchObject({ status: 'up' });
});

test('reports a check that takes longer than the time limit as down, although an earlier check succeeded', async () => {
  let hangs = false;
  const check = (): ComponentHealth | Promise<ComponentHealth> => (hangs ? new Promise(() => {}) : { status: 'up' });
  const report = createHealthReporter({ queue: check }, { patienceMs: 1, timeoutMs: 1 });
  await expect.poll(async () => (await report()).status).toBe('up');
  hangs = true;
  await expect.poll(async () => (await report()).status).toBe('down');
  expect(await report()).toMatchObject({ components: { queue: { detail: { reason: 'no answer in time' } } } });
});

test('reports a check that throws as down, without its message', async () => {
  const check = (): ComponentHealth => {
    throw new Error('redis://user:secret@host');
  };
  expect(await createHealthReporter({ queue: check })()).toMatchObject({
    components: { queue: { status: 'down', detail: { reason: 'the check failed' } } },
  });
});
