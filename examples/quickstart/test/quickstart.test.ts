import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

test('the real command replies to a mention in its thread, in a simulated workspace', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--conditions=@slack-mcp/source', path('src/main.ts')], {
    timeout: 50_000,
  });
  expect(stdout).toMatch(/alice: .* are you there\?\n {2}└ bot: Hello <@U\w+>!\n/);
});
