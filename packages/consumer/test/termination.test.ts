import { expect, test } from 'vitest';
import { start } from './support/child.ts';

test('finishes and acks messages in flight on SIGTERM, then run resolves and the process ends with 0', async () => {
  const child = start('test/fixtures/run.ts', ['Ev1', 'Ev2', 'Ev3']);
  await child.printed('in flight');
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(0);
  const lines = child.output().trim().split('\n');
  const handled = lines.filter((line) => line.startsWith('handled')).sort();
  expect(handled).toEqual(['handled Ev1', 'handled Ev2', 'handled Ev3']);
  expect(lines.at(-1)).toBe('closed');
  expect(child.errors()).toBe('');
});

test('keeps an idle consumer alive, and ends with 0 on SIGINT', async () => {
  const child = start('test/fixtures/run.ts');
  await child.printed('ready');
  child.process.kill('SIGINT');
  await expect(child.ended).resolves.toBe(0);
  expect(child.output()).toBe('ready\nclosed\n');
});

test('ends the process at once on a second signal', async () => {
  const child = start('test/fixtures/run.ts', ['stuck']);
  await child.printed('in flight');
  child.process.kill('SIGTERM');
  await child.printed('signalled');
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(143);
  expect(child.output()).not.toContain('handled');
});
