import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

function run(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@slack-mcp/source', cli, ...parameters],
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('prints a table, writes the results and says 0 when everything holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'results.json');
  const ids = ['delivery.ack-on-next', 'crash.sigkill-consumer'];
  const { code, stdout } = await run('--', 'memory', '--scale', '0.1', '--only', ids.join(','), '--json', file);
  expect(stdout).toMatch(/^property +memory\ndelivery\.ack-on-next +passed\n/);
  expect(stdout).toContain('memory: 1 passed, 0 failed, 0 not run, 1 not applicable');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    memory: {
      properties: [
        { id: ids[0], status: 'passed' },
        { id: ids[1], status: 'not-applicable', reason: 'there is no broker outside the process' },
      ],
    },
  });
  expect(code).toBe(0);
});

test.for([
  [['nope'], 'no such backend: nope (there are memory'],
  [['--scale', '0'], 'a number above 0'],
  [['--only', 'delivery.nope'], 'no such property: delivery.nope'],
  [['--write-docs', '--only', 'delivery.manual'], 'leave out --only'],
  [['--bogus'], "unknown option '--bogus'"],
] as const)('refuses %j', async ([parameters, message]) => {
  const { code, stdout, stderr } = await run(...parameters);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
