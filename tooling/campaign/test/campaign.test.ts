import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { describe, expect, test } from 'vitest';
import { main } from '../src/main.ts';
import { faultKinds } from '../src/schedule.ts';

async function campaign(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
  try {
    const done = await promisify(execFile)(process.execPath, ['--conditions=@slack-mcp/source', cli, ...args]);
    return { code: 0, ...done };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describeWithBroker('redis', () => {
  test('loses nothing in a campaign with every kind of fault', async () => {
    const { code, stdout, stderr } = await campaign('--', 'redis', '--events', '3000', '--seed', '1', '--json');
    expect(stdout.split('\n'), stderr).toHaveLength(2);
    const books = JSON.parse(stdout) as Record<string, number> & { faults: Record<string, number> };
    const names = ['backend', 'seed', 'attempted', 'confirmed', 'delivered', 'lost', 'pending'];
    const further = ['duplicates', 'duplicateBound', 'faults', 'seconds'];
    expect(new Set(Object.keys(books))).toEqual(new Set([...names, ...further]));
    expect(books, stderr).toMatchObject({ backend: 'redis', seed: 1, confirmed: 3_000, delivered: 3_000, lost: 0 });
    expect(books['attempted']).toBeGreaterThanOrEqual(3_000);
    expect(books['duplicates'], stderr).toBeLessThanOrEqual(books['duplicateBound'] ?? 0);
    expect(Object.keys(books.faults)).toEqual(expect.arrayContaining([...faultKinds]));
    expect(code, stderr).toBe(0);
  }, 300_000);
});

describe('wrong use', () => {
  test.each([
    [[], 'Name the backend'],
    [['none', '--events', '1', '--seed', '1'], '"none" is not a backend'],
    [['memory', '--events', '1', '--seed', '1'], '"memory" runs in the process that uses it'],
    [['redis', '--seed', '1'], '--events is missing'],
    [['redis', '--events', '10'], '--seed is missing'],
    [['redis', '--events', 'many', '--seed', '1'], '--events is "many"'],
    [['redis', '--events', '10', '--seed', '1', '--groups', '5'], '--workers is "4"'],
    [['redis', '--events', '10', '--seed', '1', '--fsync', 'never'], '--fsync is "never"'],
    [['redis', '--events', '10', '--seed', '1', '--unknown'], '--unknown'],
  ])('%j is refused with the code 2 and the reason', async (args, reason) => {
    const lines: string[] = [];
    const print = async (text: string): Promise<void> => void lines.push(`printed: ${text}`);
    expect(await main(args, { print, progress: (line) => void lines.push(line) })).toBe(2);
    expect(lines).toEqual([expect.stringContaining(reason)]);
    expect(lines[0]).toContain('Usage');
  });

  test('ends the command with 2 and writes the reason to standard error', async () => {
    const { code, stdout, stderr } = await campaign('redis', '--unknown');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--unknown');
    expect(stderr).toContain('Usage');
  });
});
