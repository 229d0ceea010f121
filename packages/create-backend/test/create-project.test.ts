import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { CreateError, createProject } from '../src/index.ts';
import { NAME_RULE, projectNames } from '../src/project-names.ts';
import { runCommand } from '../src/run-command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'create-backend-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs the command in a process of its own. */
function command(args: readonly string[], { flags = [], ...options }: SpawnSyncOptions & { flags?: string[] } = {}) {
  const file = fileURLToPath(new URL('../src/bin/create-backend.ts', import.meta.url));
  return spawnSync(process.execPath, [...flags, '--conditions=@slack-mcp/source', file, ...args], {
    ...{ cwd, killSignal: 'SIGKILL', ...options },
    encoding: 'utf8',
  });
}

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

test('has the text of the licence that its package.json names', () => {
  const { folder } = createProject({ name: 'licensed', cwd });
  expect(JSON.parse(read(folder, 'package.json')).license).toBe('MIT');
  expect(read(folder, 'LICENSE')).toMatch(
    /^MIT License\n\nCopyright \(c\) the slack-mcp-backend-licensed contributors\n/,
  );
});

test('cannot be published with the stand-in or an open place', () => {
  const { folder } = createProject({ name: 'draft', cwd });
  const publish = () => {
    const script = JSON.parse(read(folder, 'package.json')).scripts.prepublishOnly as string;
    return spawnSync(process.execPath, script.split(' ').slice(1), { cwd: folder, encoding: 'utf8' });
  };
  const refused = publish();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(
    /^not published: fill in src\/\S+, .*src\/target\.ts first \(search them for FILL IN and stand-in\)\n$/,
  );
  expect(refused.stderr).toContain('src/stand-in/broker.ts');
  rmSync(join(folder, 'src'), { recursive: true });
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'index.ts'), 'export default {};\n');
  expect(publish()).toMatchObject({ status: 0, stderr: '' });
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

/** Root may read every folder. */
const isRoot = process.getuid?.() === 0;

/** Runs the command without the rights of root, which it gives up once it is loaded: the clone may be locked, too. */
function unprivileged(args: readonly string[]) {
  const module = new URL('../src/run-command.ts', import.meta.url).href;
  const script = `
    const { runCommand } = await import(${JSON.stringify(module)});
    process.setegid(65534);
    process.seteuid(65534);
    process.exitCode = runCommand(${JSON.stringify(args)}, {
      print: (text) => process.stdout.write(text),
      fail: (text) => process.stderr.write(text),
    });`;
  const flags = ['--conditions=@slack-mcp/source', '--input-type=module', '--eval', script];
  return spawnSync(process.execPath, flags, { cwd, encoding: 'utf8' });
}

test.skipIf(process.platform === 'win32')('names a folder that it may not read, in one line', () => {
  chmodSync(cwd, 0o755);
  mkdirSync(join(cwd, 'locked'), { mode: 0o700 });
  if (!isRoot) chmodSync(join(cwd, 'locked'), 0o000);
  for (const folder of ['locked', 'locked/inner']) {
    const { status, stdout, stderr } = isRoot
      ? unprivileged(['nats', '--folder', folder])
      : command(['nats', '--folder', folder]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^create-backend: .*\/locked(\/inner)? cannot be (read|created) \(EACCES\): use another folder\n$/,
    );
  }
});

test('names a folder whose path cannot exist', () => {
  writeFileSync(join(cwd, 'file'), '');
  expect(() => createProject({ name: 'nats', folder: 'file/inner', cwd })).toThrow(CreateError);
  const long = 'x'.repeat(300);
  expect(() => createProject({ name: 'nats', folder: long, cwd })).toThrow(/ \(ENAMETOOLONG\): use another folder$/);
  expect(() => createProject({ name: 'nats', folder: 'a\0b', cwd })).toThrow(CreateError);
  expect(() => createProject({ name: 'nats', folder: '', cwd })).toThrow(
    'the name of the folder is empty: use another folder',
  );
});

// In a process of its own, because a loop in `mkdir` would block this one.
test.skipIf(!existsSync('/proc/self'))('does not wait for a folder that cannot be created', () => {
  const { status, stdout, stderr } = command(['nats', '--folder', '/proc/not-here/inner'], { timeout: 30_000 });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^create-backend: \/proc\/not-here cannot be created \(E\w+\): use another folder\n$/);
});

/** The names in a row of a table in the README. */
function namesInReadme(row: RegExp): string[] {
  const cells = row.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))?.[1] ?? '';
  return [...cells.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
}

const VALID = namesInReadme(/^Valid names: (.*)\.$/m);
const INVALID = namesInReadme(/^Not valid: (.*)\.$/m);

test('the README has the rule of names, with examples', () => {
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(NAME_RULE);
  expect(VALID.length).toBeGreaterThan(2);
  expect(INVALID).toEqual(expect.arrayContaining(['a-1', 'my--x', '-nats']));
});

test.each([...VALID, 'x'.repeat(32)])('accepts the name %j', (name) => {
  expect(projectNames(name).backend).toBe(name);
});

test.each([...INVALID, '', '9p', '../evil', 'a-', 'my-2', 'x'.repeat(33), '@me/nats', 'n\n'])(
  'refuses the name %j',
  (name) => {
    expect(() => createProject({ name, folder: 'never', cwd })).toThrow(
      `${JSON.stringify(name)} is not a valid name for a backend: use ${NAME_RULE}`,
    );
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
  const { status, stdout, stderr } = command(['offline'], { flags: [`--import=${offline}`] });
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

  test.each([['-nats'], ['nats', '-x'], ['--nope=1', 'x']])('names the option that does not exist in %j', (...args) => {
    const { code, err } = run(...args);
    expect(code).toBe(2);
    const wrong = args.find((arg) => arg.startsWith('-')) as string;
    const [line] = err.split('\n');
    expect(line).toBe(
      `create-backend: there is no option "${wrong}": use --folder or --help; if it is the name of the project, choose one that begins with a letter`,
    );
  });

  test('explains a missing value in one line', () => {
    expect(run('nats', '--folder').err).toMatch(
      /^create-backend: Option '--folder <value>' argument missing\n\nCreates/,
    );
    expect(run('nats', '--folder', '-x').err).toMatch(/^create-backend: Option '--folder' .*\n\nCreates/);
  });

  test.each([
    ['with space', "'with space'"],
    ["it's", "'it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['plain-1.0_x', 'plain-1.0_x'],
    ['-dash', './-dash'],
  ])('prints a command that enters the folder %j', (name, quoted) => {
    const { stdout } = command(['nats', `--folder=${name}`]);
    const line = /^ {2}(cd .*)$/m.exec(stdout)?.[1] ?? '';
    expect(line).toBe(`cd ${quoted}`);
    const entered = spawnSync('sh', ['-c', `${line} && pwd -P`], { cwd, encoding: 'utf8' });
    expect(entered.stdout.trim()).toBe(join(realpathSync(cwd), name));
  });

  test('prints one line for a name that is not valid', () => {
    expect(run('No')).toMatchObject({ code: 1, err: expect.stringMatching(/^create-backend: "No" is not.*\n$/) });
  });
});
