import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'tsdown';
import { expect, onTestFinished, test } from 'vitest';
import { definePackage } from '../../../tsdown.base.ts';
import { OLDEST_NODE } from '../packaging/launchers.ts';
import { publishedPackages } from '../packaging/published-packages.ts';

/** A package with a command that old versions of Node cannot parse, built like the published packages. */
async function builtCommand(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'launchers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'src/bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { isolatedDeclarations: true } }));
  writeFileSync(join(folder, 'src/index.ts'), 'export const answer: number = 42;\n');
  writeFileSync(
    join(folder, 'src/bin/greet.ts'),
    '#!/usr/bin/env node\nawait using x = { async [Symbol.asyncDispose]() {} };\nconsole.log("hello", process.argv[2], typeof x);\n',
  );
  await build({
    ...definePackage(['src/index.ts', 'src/bin/greet.ts']),
    cwd: folder,
    config: false,
    logLevel: 'error',
    dts: false,
  });
  return join(folder, 'dist/bin/greet.js');
}

test('runs a command unchanged', async () => {
  const command = await builtCommand();
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'world']);
  expect(stdout).toBe('hello world object\n');
});

test('keeps the compiled code in the cache of the user', async () => {
  const command = await builtCommand();
  const cache = mkdtempSync(join(tmpdir(), 'launchers-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const run = (env: NodeJS.ProcessEnv) => promisify(execFile)(process.execPath, [command], { env });
  await run({ XDG_CACHE_HOME: join(cache, 'off'), NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(existsSync(join(cache, 'off'))).toBe(false);
  await run({ XDG_CACHE_HOME: join(cache, 'on') });
  expect(readdirSync(join(cache, 'on/slack-mcp/compiled'))).toHaveLength(1);
});

test.each([
  ['cannot be written', { XDG_CACHE_HOME: '/dev/null' }],
  ['is unknown', { HOME: '' }],
  ['is a relative path', { XDG_CACHE_HOME: 'cache' }],
])('runs a command if the cache of the user %s, and writes nothing into the open folder', async (_why, env) => {
  const command = await builtCommand();
  const cwd = mkdtempSync(join(tmpdir(), 'launchers-open-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'world'], { cwd, env });
  expect(stdout).toBe('hello world object\n');
  expect(readdirSync(cwd)).toEqual([]);
});

test('prints in one line which Node is needed when it is too old', async () => {
  const command = await builtCommand();
  // Pretend to be another version of Node.
  const [major, minor] = OLDEST_NODE;
  for (const version of ['20.20.2', '18.0.0', `${major}.${minor - 1}.9`]) {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
    const run = promisify(execFile)(process.execPath, [`--import=${pretend}`, command]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `greet: needs Node ${major}.${minor} or later, this is ${version}\n`,
    });
  }
});

test('the oldest Node matches the engines of the packages', () => {
  for (const { folder } of publishedPackages(join(import.meta.dirname, '../../..'))) {
    const { engines } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(engines.node).toBe(`>=${OLDEST_NODE.join('.')}`);
  }
});
