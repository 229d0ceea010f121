import { expect, test } from 'vitest';
import { start } from './support/child.ts';

test('SIGTERM: what is in hand is finished and acked, then run resolves and the process ends with 0', async () => {
  const child = start('test/fixtures/run.ts');
  await child.printed('in hand');
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(0);
  const lines = child.output().trim().split('\n');
  expect(lines.filter((line) => line.startsWith('handled')).sort()).toEqual([
    'handled Ev1',
    'handled Ev2',
    'handled Ev3',
  ]);
  expect(lines.at(-1)).toBe('closed');
  expect(child.errors()).toBe('');
});

test('a second signal ends the process at once', async () => {
  const child = start('test/fixtures/run.ts', ['stuck']);
  await child.printed('in hand');
  child.process.kill('SIGTERM');
  await child.printed('signalled');
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(143);
  expect(child.output()).not.toContain('handled');
});
