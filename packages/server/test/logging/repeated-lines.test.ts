import { capturedLog } from '@slack-mcp/test-support';
import { expect, test } from 'vitest';
import { RepeatedLines } from '../../src/logging/repeated-lines.ts';

test('logs a repeated line once, and then counts it', () => {
  const log = capturedLog();
  const lines = new RepeatedLines(log, { intervalMs: 60_000 });
  for (let index = 0; index < 1_000; index += 1) {
    lines.log('warn', 'refused', { reason: index % 2 === 0 ? 'a' : 'b' }, { id: index });
  }
  lines.flush();
  lines.log('warn', 'refused', { reason: 'a' }, { id: 'next' });
  expect(log.lines.map(({ fields }) => fields)).toEqual([
    { id: 0, reason: 'a' },
    { id: 1, reason: 'b' },
    { reason: 'a', repeated: 499 },
    { reason: 'b', repeated: 499 },
    { id: 'next', reason: 'a' },
  ]);
});

test('reports the count by itself, but not for a single line', async () => {
  const log = capturedLog();
  const lines = new RepeatedLines(log, { intervalMs: 20 });
  lines.log('info', 'refused', { reason: 'a' });
  lines.log('info', 'refused', { reason: 'b' });
  lines.log('info', 'refused', { reason: 'b' });
  await expect.poll(() => log.lines.length).toBe(3);
  expect(log.lines[2]?.fields).toEqual({ reason: 'b', repeated: 1 });
});

test('bounds the number of kinds, whatever their names', () => {
  const log = capturedLog();
  const lines = new RepeatedLines(log);
  for (let index = 0; index < 10_000; index += 1) lines.log('info', 'refused', { reason: String(index) });
  expect(lines.size).toBeLessThanOrEqual(100);
});
