import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the real command handles a command, a button and a form in a simulated workspace', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@slack-mcp/source', main], {
    timeout: 50_000,
  });
  expect(stdout).toMatch(/bot, only to her: Deploy \*api\* to production\?\n/);
  expect(stdout).toMatch(/bot: <@U\w+> deploys \*api\*\n/);
  expect(stdout).toMatch(/bot: <@U\w+> has released:\nDeploys by button\n/);
});
