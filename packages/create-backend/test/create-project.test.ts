import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createProject } from '../src/index.ts';
import { runCommand } from '../src/run-command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'create-backend-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

test('writes the project under the name of the backend', () => {
  const { folder, packageName, files } = createProject({ name: 'my-broker', cwd });
  expect(folder).toBe(join(cwd, 'slack-mcp-backend-my-broker'));
  expect(packageName).toBe('slack-mcp-backend-my-broker');
  expect(files).toEqual(expect.arrayContaining(['.github/workflows/ci.yml', '.gitignore', '.changeset/config.json']));
  const manifest = JSON.parse(read(folder, 'package.json'));
  expect(manifest.name).toBe(packageName);
  expect(manifest['slack-mcp']).toEqual({ queueBackend: 'my-broker', apiVersion: 1 });
  expect(read(folder, 'src/index.ts')).toContain('MyBrokerBackend');
  expect(read(folder, 'src/options.ts')).toContain("'MY_BROKER_URL'");
  for (const file of files) expect(read(folder, file)).not.toMatch(/acme/i);
});

test('marks the five places to fill in', () => {
  const { places } = createProject({ name: 'places', cwd });
  expect(places.map((place) => place.split(':')[0]).sort()).toEqual([
    'src/client.ts',
    'src/codec.ts',
    'src/options.ts',
    'src/source.ts',
    'src/target.ts',
  ]);
});

test('accepts an empty folder, also one with a new git repository', () => {
  mkdirSync(join(cwd, 'empty', '.git'), { recursive: true });
  expect(createProject({ name: 'nats', folder: 'empty', cwd }).folder).toBe(join(cwd, 'empty'));
});

test('refuses a folder that is not empty, and changes nothing in it', () => {
  mkdirSync(join(cwd, 'mine'));
  writeFileSync(join(cwd, 'mine', 'package.json'), 'mine');
  expect(() => createProject({ name: 'nats', folder: 'mine', cwd })).toThrow(/mine is not empty: use another folder$/);
  expect(read(join(cwd, 'mine'), 'package.json')).toBe('mine');
  expect(() => createProject({ name: 'nats', folder: 'mine/package.json', cwd })).toThrow(/is a file/);
});

test.each(['', 'Nats', '9p', '../evil', 'a--b', 'a-', 'my-2', 'x'.repeat(33), '@me/nats'])(
  'refuses the name %j',
  (name) => {
    expect(() => createProject({ name, folder: 'never', cwd })).toThrow(/is not a valid name for a backend: use a-z/);
  },
);

test('refuses the name of an existing backend', () => {
  expect(() => createProject({ name: 'redis', folder: 'never', cwd })).toThrow(
    'slack-mcp already has the backend redis: use another name (for example my-redis)',
  );
});

test('needs no network', () => {
  const offline = `data:text/javascript,${encodeURIComponent(`
    import net from 'node:net';
    import dns from 'node:dns';
    net.Socket.prototype.connect = dns.lookup = dns.promises.lookup = () => { throw new Error('no network'); };
  `)}`;
  const command = fileURLToPath(new URL('../src/bin/create-backend.ts', import.meta.url));
  const args = [`--import=${offline}`, '--conditions=@slack-mcp/source', command, 'offline'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('created slack-mcp-backend-offline');
});

describe('the command', () => {
  function run(...args: string[]): { code: number; out: string; err: string } {
    const out: string[] = [];
    const err: string[] = [];
    const code = runCommand(args, {
      print: (text) => out.push(text),
      fail: (text) => err.push(text),
    });
    return { code, out: out.join(''), err: err.join('') };
  }

  test('names the next commands and the places', () => {
    const { code, out } = run('kite', '--folder', join(cwd, 'kite'));
    expect(code).toBe(0);
    expect(out).toMatch(/created slack-mcp-backend-kite in .*kite, \d+ files\n/);
    expect(out).toMatch(/npm install\n {2}npm run typecheck\n {2}npm test/);
    expect(out).toMatch(/src\/client\.ts:\d+/);
  });

  test('explains wrong arguments', () => {
    expect(run()).toMatchObject({ code: 2, err: expect.stringMatching(/needs one name\n\nCreates a project/) });
    expect(run('a', 'b').code).toBe(2);
    expect(run('--nope', 'x').code).toBe(2);
    expect(run('--help')).toMatchObject({ code: 0, err: '' });
  });

  test('prints one line for a name that is not valid', () => {
    expect(run('No')).toMatchObject({ code: 1, err: expect.stringMatching(/^create-backend: "No" is not.*\n$/) });
  });
});
