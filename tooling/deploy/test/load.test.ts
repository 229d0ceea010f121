import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { describe, expect, test } from 'vitest';
import { parseLoadArguments } from '../src/load/load-arguments.ts';
import { complaintsOf, type LoadReport, tableOf } from '../src/load/load-report.ts';

async function load(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = fileURLToPath(new URL('../src/load/cli.ts', import.meta.url));
  try {
    const done = await promisify(execFile)(process.execPath, ['--conditions=@slack-mcp/source', cli, ...args]);
    return { code: 0, ...done };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describeWithBroker('redis', () => {
  test('a server and a worker lose no event in an outage of the broker', { timeout: 180_000 }, async () => {
    const times = ['--seconds', '12', '--outage', '5', '--retries', '2,10'];
    const { stdout, stderr } = await load('redis', '--rate', '20', '--restarts', '1', ...times, '--json');
    const report = JSON.parse(stdout) as LoadReport;
    expect(report, stderr).toMatchObject({ lost: 0, undelivered: 0, exitCodes: { server: 0, worker: 0 } });
    expect(report.readiness.changesSeen).toBe(2);
    expect(report.accepted).toBeGreaterThan(0);
    expect(report.mcp.calls).toBeGreaterThan(0);
    // The outage outlasts the time that the server waits for the broker.
    expect(Object.keys(report.failedAttempts)).not.toEqual([]);
  });
});

describe('the report', () => {
  const good: Omit<LoadReport, 'complaints'> = {
    ...{ broker: 'redis', seconds: 300, rate: 100, restarts: 2, sent: 10, accepted: 10, handled: 10 },
    ...{ lost: 0, undelivered: 0, duplicates: 0, failedAttempts: { 503: 2 } },
    acknowledgedMs: { p50: 2, p99: 2_000 },
    mcp: { calls: 5, failed: 0, p99Ms: 9 },
    readiness: { outageMs: 2_000, recoveryMs: 1_000, changesSeen: 4, wrong: 0, unanswered: 0 },
    memoryMiB: { server: { before: 200, after: 210 }, worker: { before: 150, after: 150 } },
    exitCodes: { server: 0, worker: 0 },
  };

  test('has no complaint if every promise held', () => {
    expect(complaintsOf(good)).toEqual([]);
    expect(tableOf({ ...good, complaints: [] })).toMatch(/failed attempts +2 × 503\n.*every promise held/s);
  });

  const { readiness, memoryMiB } = good;
  test.each<[string, Partial<LoadReport>, RegExp]>([
    ['a lost event', { lost: 1 }, /1 acknowledged events were never handled/],
    ['an event that was refused', { undelivered: 3 }, /3 events were refused/],
    ['slow answers', { acknowledgedMs: { p50: 1, p99: 2_500 } }, /p99 .* 2500 ms/],
    ['a failed MCP call', { mcp: { calls: 5, failed: 1, p99Ms: 1, failure: 'why' } }, /1 of 5 MCP calls failed: why/],
    ['a probe without an answer', { readiness: { ...readiness, unanswered: 1 } }, /did not answer 1/],
    ['an outage that no probe saw', { readiness: { ...readiness, changesSeen: 3 } }, /showed 3 of 4/],
    ['a wrong probe', { readiness: { ...readiness, wrong: 2 } }, /was wrong 2 times/],
    ['a late probe', { readiness: { ...readiness, outageMs: 3_500 } }, /said ready for 3500/],
    ['a late recovery', { readiness: { ...readiness, recoveryMs: 31_000 } }, /said not ready for 31000/],
    ['growing memory', { memoryMiB: { ...memoryMiB, worker: { before: 150, after: 300 } } }, /worker grew from 150/],
    ['an exit code', { exitCodes: { server: 1, worker: 0 } }, /server ended with 1/],
  ])('complains about %s', (_what, change, complaint) => {
    expect(complaintsOf({ ...good, ...change })).toEqual([expect.stringMatching(complaint)]);
  });
});

describe('wrong use of pnpm load', () => {
  test.each([
    [[], 'Name one broker'],
    [['memory'], 'Name one broker'],
    [['redis', '--rate', 'fast'], '--rate is "fast"'],
    [['redis', '--seconds', '20', '--outage', '10'], '--seconds is 20: too short for 2 outages of 10 s'],
    [['redis', '--retries', '60'], '--retries is "60"'],
    [['redis', '--unknown'], '--unknown'],
  ])('%j is refused with the reason', (args, reason) => {
    expect(() => parseLoadArguments(args)).toThrow(reason);
  });

  test('ends the command with 2 and writes the reason to standard error', async () => {
    const { code, stdout, stderr } = await load('redis', '--unknown');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--unknown');
    expect(stderr).toContain('Usage');
  });
});
