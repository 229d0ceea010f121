import { expect, test } from 'vitest';
import { type Check, runChecks } from '../checks/run-checks.ts';

const node = (name: string, code: string, remedy?: string): Check => ({
  ...{ name, command: process.execPath, args: ['-e', code] },
  ...(remedy !== undefined && { remedy }),
});

async function outcome(...checks: Check[]): Promise<{ passed: boolean; lines: string[] }> {
  const lines: string[] = [];
  const passed = await runChecks(checks, { cwd: import.meta.dirname, print: (line) => lines.push(line) });
  return { passed, lines };
}

test('hides the output of passing checks and ends with a summary', async () => {
  const { passed, lines } = await outcome(node('one', 'console.log("chatter")'), node('two', ''));
  expect(passed).toBe(true);
  expect(lines).toEqual([
    expect.stringMatching(/^ok one \(\d+\.\d s\)$/),
    expect.stringMatching(/^ok two \(\d+\.\d s\)$/),
    expect.stringMatching(/^all 2 checks pass \(\d+\.\d s\)$/),
  ]);
});

test('shows the output of the failed check, says what to do, and runs no further checks', async () => {
  const failing = node('lint', 'console.error("not formatted"); process.exit(1)', '`pnpm format` formats');
  const { passed, lines } = await outcome(node('one', ''), failing, node('three', ''));
  expect(passed).toBe(false);
  expect(lines).toEqual([
    expect.stringMatching(/^ok one/),
    'not formatted',
    expect.stringMatching(/^FAILED lint \(\d+\.\d s\), the command: .*node.* -e /),
    'lint: `pnpm format` formats',
  ]);
});
