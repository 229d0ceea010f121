import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { complaintsOf, type SoakReport, type SoakSample } from '../src/soak/run-soak.ts';

async function soak(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = fileURLToPath(new URL('../src/soak/cli.ts', import.meta.url));
  const node = ['--expose-gc', '--conditions=@slack-mcp/source', cli, ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, node)) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test('a short soak handles every message and samples each tenth', async () => {
  const { stdout, stderr } = await soak('memory', '--messages', '20000', '--json');
  const report = JSON.parse(stdout) as SoakReport;
  expect(report, stderr).toMatchObject({ published: 20_000, handled: 20_000 });
  expect(report.samples).toHaveLength(10);
  expect(report.complaints.filter((complaint) => !/memory|heap/.test(complaint))).toEqual([]);
});

test.each([
  [[], 'Name one backend'],
  [['none'], 'Name one backend'],
  [['memory', '--messages', 'many'], '--messages is "many"'],
])('%j exits with 2 and reports why', async (args, reason) => {
  const { code, stdout, stderr } = await soak(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(reason);
});

const sample: SoakSample = { handled: 10, seconds: 1, rssMiB: 300, heapMiB: 30, handles: 2, listeners: 6 };

test.each<[string, Partial<SoakSample>, number, RegExp[]]>([
  ['nothing', {}, 100, []],
  ['memory', { rssMiB: 400 }, 100, [/memory grew from 300 to 400/]],
  ['the heap', { heapMiB: 60 }, 100, [/heap grew from 30 to 60/]],
  ['handles', { handles: 40 }, 100, [/handles grew from 2 to 40/]],
  ['listeners', { listeners: 40 }, 100, [/listeners grew from 6 to 40/]],
  ['a lost message', {}, 99, [/1 of 100 messages were not handled/]],
])('complains about %s', (_what, last, handled, complaints) => {
  const samples = [{ ...sample, rssMiB: 100 }, sample, { ...sample, ...last }];
  expect(complaintsOf(samples, 100, handled)).toEqual(complaints.map((text) => expect.stringMatching(text)));
});
