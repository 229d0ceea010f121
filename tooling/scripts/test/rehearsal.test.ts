import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installedSize } from '../rehearsal/installed-size.ts';
import { chooseParts, parts } from '../rehearsal/parts.ts';

const names = (...only: string[]): string[] => chooseParts(only).map(({ name }) => name);

test('chooses parts by the words of their names', () => {
  expect(names()).toEqual(parts.map(({ name }) => name));
  expect(names('rabbitmq')).toEqual(['npm-rabbitmq', 'pnpm-rabbitmq', 'yarn-rabbitmq', 'pnp-rabbitmq']);
  expect(names('npm-redis', 'npx')).toEqual(['npm-redis', 'npx']);
  expect(() => chooseParts(['rabbit'])).toThrow(/^no part is named rabbit; parts: sizes, npm-memory, /);
});

test.each([
  [['--only', 'nonsense'], /^rehearse: no part is named nonsense; parts: sizes, npm-memory, .*\n$/],
  [['--onyl', 'npx'], /^rehearse: Unknown option '--onyl'.* \(usage: pnpm rehearse .*\)\n$/],
  [['npx'], /^rehearse: Unexpected argument 'npx'.* \(usage: .*\)\n$/],
  [['--only'], /^rehearse: Option '--only <value>' argument missing \(usage: .*\)\n$/],
])('explains the arguments %j in one line', (args, message) => {
  const command = join(import.meta.dirname, '../rehearse.ts');
  const flags = ['--disable-warning=TimeoutNegativeWarning', '--conditions=@slack-mcp/source'];
  const { status, stderr } = spawnSync(process.execPath, [...flags, command, ...args], { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test('measures a package with and without its dependencies, each once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'installed-size-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const add = (path: string, bytes: number, ...needs: string[]): void => {
    const manifest = JSON.stringify({ version: '1.0.0', dependencies: Object.fromEntries(needs.map((n) => [n, '1'])) });
    mkdirSync(join(folder, path, 'lib'), { recursive: true });
    writeFileSync(join(folder, path, 'package.json'), manifest);
    writeFileSync(join(folder, path, 'lib/file'), 'x'.repeat(bytes - manifest.length));
  };
  add('node_modules/a', 1_000, 'b', 'c');
  add('node_modules/b', 300, 'c');
  add('node_modules/c', 200);
  add('node_modules/a/node_modules/c', 100, 'b');
  const size = { version: '1.0.0', own: 1_000, withDependencies: 1_600, dependencies: 3 };
  expect(installedSize(folder, 'a')).toEqual(size);
  expect(() => installedSize(folder, 'd')).toThrow('d is not installed');
});
