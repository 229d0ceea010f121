import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBackend } from '@slack-mcp/core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(join(root, 'docs', 'plugins', 'writing-a-backend.md'), 'utf8');

/** Files that the page shows: a heading with the name, then the text. */
const files = [...page.matchAll(/^### `([^`]+)`\n\n```\w+\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backend-tiny-'));
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'node_modules', '@slack-mcp'), { recursive: true });
  for (const name of ['core', 'conformance', 'backend-memory']) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules', '@slack-mcp', name));
  }
  return () => rmSync(folder, { recursive: true });
});

test('the backend of the page passes the suite as the page runs it', async () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const output = await new Promise<string>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@slack-mcp/source', '--test', '--test-reporter=tap', 'conformance.test.js'],
      { cwd: folder, env },
      (_error, stdout, stderr) => resolve(`exit ${child.exitCode}\n${stdout}${stderr}`),
    );
  });
  expect(output).toMatch(/^exit 0\n/);
  expect(output).toMatch(/^ok 1 - tiny keeps the contract$/m);
});

test('the package of the page is found by its marker and loaded by its name', async () => {
  const application = mkdtempSync(join(tmpdir(), 'application-'));
  onTestFinished(() => rmSync(application, { recursive: true }));
  writeFileSync(join(application, 'package.json'), '{ "dependencies": { "backend-tiny": "*" } }');
  mkdirSync(join(application, 'node_modules'));
  symlinkSync(folder, join(application, 'node_modules', 'backend-tiny'));
  const { backend, reason } = await loadBackend({ appRoot: application, env: { QUEUE_BACKEND: 'tiny' } });
  expect(backend.name).toBe('tiny');
  expect(reason).toBe('environment');
  await backend.close();
});
