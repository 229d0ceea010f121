import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type DiscoveryOptions, listBackends, loadBackend, silentLogger } from '../src/index.ts';
import { backendPackage, createProject, type Files, type Project, pluginCode } from './projects.ts';

const REDIS = '@slack-mcp/backend-redis';
const SERVER = '@slack-mcp/server';

const dependencies = (...names: string[]): object => ({
  dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
});

/** The server package with its command, and the memory backend as its dependency. */
const server = (modules: string): Files => ({
  [`${modules}/${SERVER}/package.json`]: {
    name: SERVER,
    ...dependencies('@slack-mcp/backend-memory'),
    devDependencies: { [REDIS]: '*' },
  },
  [`${modules}/${SERVER}/dist/bin/run.js`]: '',
  ...backendPackage(`${modules}/@slack-mcp/backend-memory`, 'memory'),
});

const installed = (options: DiscoveryOptions): string[] =>
  listBackends(options)
    .filter((backend) => backend.state === 'installed')
    .map(({ name }) => name);

const load = (options: DiscoveryOptions, name: string) =>
  loadBackend({ ...options, env: { QUEUE_BACKEND: name }, logger: silentLogger });

/** The places of the application, the command and the redis backend in each layout. */
interface Layout {
  files: Files;
  appRoot: string;
  command: string;
  redis: string;
  found: string[];
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'npm and yarn, flat': {
    files: {
      'package.json': { name: 'app', ...dependencies(SERVER, REDIS) },
      ...server('node_modules'),
      ...backendPackage(`node_modules/${REDIS}`, 'redis'),
    },
    appRoot: '.',
    command: `node_modules/${SERVER}/dist/bin/run.js`,
    redis: `node_modules/${REDIS}/index.js`,
    found: ['redis', 'memory'],
  },
  'pnpm, linked': {
    files: {
      'package.json': { name: 'app', ...dependencies(SERVER, REDIS) },
      ...server('node_modules/.pnpm/server@1/node_modules'),
      ...backendPackage(`node_modules/.pnpm/redis@1/node_modules/${REDIS}`, 'redis'),
      [`node_modules/${SERVER}`]: { link: `node_modules/.pnpm/server@1/node_modules/${SERVER}` },
      [`node_modules/${REDIS}`]: { link: `node_modules/.pnpm/redis@1/node_modules/${REDIS}` },
    },
    appRoot: '.',
    command: `node_modules/${SERVER}/dist/bin/run.js`,
    redis: `node_modules/.pnpm/redis@1/node_modules/${REDIS}/index.js`,
    found: ['redis', 'memory'],
  },
  'a workspace with hoisted dependencies, from a folder inside of a package': {
    files: {
      'package.json': { name: 'root' },
      'packages/app/package.json': { name: 'app', ...dependencies(SERVER, REDIS) },
      'packages/app/src/package.json': { type: 'module' },
      ...server('node_modules'),
      ...backendPackage(`node_modules/${REDIS}`, 'redis'),
    },
    appRoot: 'packages/app/src',
    command: `node_modules/${SERVER}/dist/bin/run.js`,
    redis: `node_modules/${REDIS}/index.js`,
    found: ['redis', 'memory'],
  },
  'npx, from an unrelated project': {
    files: {
      'home/project/package.json': { name: 'project', ...dependencies('left-pad') },
      'npx/0123/package.json': { ...dependencies(SERVER, REDIS), _npx: { packages: [SERVER, REDIS] } },
      ...server('npx/0123/node_modules'),
      ...backendPackage(`npx/0123/node_modules/${REDIS}`, 'redis'),
    },
    appRoot: 'home/project',
    command: `npx/0123/node_modules/${SERVER}/dist/bin/run.js`,
    redis: `npx/0123/node_modules/${REDIS}/index.js`,
    found: ['redis', 'memory'],
  },
  'pnpm dlx, from a folder without a project': {
    files: {
      'dlx/0123/package.json': dependencies(SERVER, REDIS),
      ...server('dlx/0123/node_modules/.pnpm/server@1/node_modules'),
      ...backendPackage(`dlx/0123/node_modules/.pnpm/redis@1/node_modules/${REDIS}`, 'redis'),
      [`dlx/0123/node_modules/${SERVER}`]: { link: `dlx/0123/node_modules/.pnpm/server@1/node_modules/${SERVER}` },
      [`dlx/0123/node_modules/${REDIS}`]: { link: `dlx/0123/node_modules/.pnpm/redis@1/node_modules/${REDIS}` },
      'empty/.keep': '',
    },
    appRoot: 'empty',
    command: `dlx/0123/node_modules/${SERVER}/dist/bin/run.js`,
    redis: `dlx/0123/node_modules/.pnpm/redis@1/node_modules/${REDIS}/index.js`,
    found: ['redis', 'memory'],
  },
  'npm, global': {
    files: {
      ...server('lib/node_modules'),
      ...backendPackage(`lib/node_modules/${REDIS}`, 'redis'),
      'lib/node_modules/.package-lock.json': {},
      'empty/.keep': '',
    },
    appRoot: 'empty',
    command: `lib/node_modules/${SERVER}/dist/bin/run.js`,
    redis: `lib/node_modules/${REDIS}/index.js`,
    found: ['memory', 'redis'],
  },
};

test.each(Object.entries(LAYOUTS))('%s', async (_, { files, appRoot, command, redis, found }) => {
  using project = createProject(files);
  const options = { appRoot: project.path(appRoot), from: pathToFileURL(project.path(command)).href };
  expect(installed(options)).toEqual(found);
  expect(installed({ ...options, from: project.path(command) })).toEqual(found);
  expect((await load(options, 'redis')).backend).toMatchObject({ file: project.path(redis) });
  expect((await load(options, 'memory')).backend).toMatchObject({ name: 'memory' });
});

test('uses a package in the global folder of npm only if it is named', async () => {
  const { files, appRoot, command } = LAYOUTS['npm, global'] as Layout;
  using project = createProject(files);
  const options = { appRoot: project.path(appRoot), from: project.path(command) };
  expect(await loadBackend({ ...options, env: {}, logger: silentLogger })).toMatchObject({ reason: 'default' });
});

test('uses a package installed by npx without being named', async () => {
  const { files, appRoot, command } = LAYOUTS['npx, from an unrelated project'] as Layout;
  using project = createProject(files);
  const options = { appRoot: project.path(appRoot), from: project.path(command) };
  expect(await loadBackend({ ...options, env: {}, logger: silentLogger })).toMatchObject({
    reason: 'dependency',
    backend: { name: 'redis' },
  });
});

test('ignores the development dependencies of the command', () => {
  const modules = 'workspace/server/node_modules';
  using project = createProject({
    'workspace/server/package.json': {
      name: SERVER,
      ...dependencies('@slack-mcp/backend-memory'),
      devDependencies: { [REDIS]: '*' },
    },
    'workspace/server/src/run.ts': '',
    ...backendPackage(`${modules}/@slack-mcp/backend-memory`, 'memory'),
    ...backendPackage(`${modules}/${REDIS}`, 'redis'),
    'empty/.keep': '',
  });
  const from = project.path('workspace/server/src/run.ts');
  expect(installed({ appRoot: project.path('empty'), from })).toEqual(['memory']);
  expect(installed({ appRoot: project.path('workspace/server'), from })).toEqual(['memory', 'redis']);
});

test('ignores transitive dependencies', () => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies('library') },
    'node_modules/library/package.json': { name: 'library', ...dependencies(REDIS) },
    ...backendPackage(`node_modules/${REDIS}`, 'redis'),
  });
  expect(installed({ appRoot: project.folder })).toEqual([]);
});

test('lists a package with a wrong field slack-mcp, with the reason', () => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies('other-redis', 'broken') },
    ...backendPackage('node_modules/other-redis', 'redis'),
    ...backendPackage('node_modules/broken', 'broken', { 'slack-mcp': {} }),
  });
  expect(listBackends({ appRoot: project.folder }).slice(0, 4)).toEqual([
    {
      name: 'redis',
      packageName: 'other-redis',
      state: 'invalid',
      problem: `it has the name redis, which belongs to ${REDIS}`,
    },
    {
      name: 'broken',
      packageName: 'broken',
      state: 'invalid',
      problem: 'the field slack-mcp in its package.json has no queueBackend',
    },
    { name: 'memory', packageName: '@slack-mcp/backend-memory', state: 'available' },
    { name: 'redis', packageName: REDIS, state: 'available' },
  ]);
});

test.each([
  ['no marker', undefined],
  ['a marker that is a string', 'redis'],
  ['a path as its name', { queueBackend: '../redis', apiVersion: 1 }],
  ['no name', { apiVersion: 1 }],
  ['a name that is not a string', { queueBackend: ['redis'], apiVersion: 1 }],
])('ignores a package with %s', (_, marker) => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies(REDIS) },
    ...backendPackage(`node_modules/${REDIS}`, 'redis', { 'slack-mcp': marker }),
  });
  expect(installed({ appRoot: project.folder })).toEqual([]);
});

test('ignores dependency names that are paths', () => {
  using project = createProject({
    'app/package.json': {
      name: 'app',
      ...dependencies('../evil', '/evil', './evil', '..', 'node:fs', '', '@x', 'a/b'),
    },
    'app/node_modules/.keep': '',
    ...backendPackage('app/evil', 'evil'),
    ...backendPackage('evil', 'evil'),
  });
  expect(installed({ appRoot: project.path('app') })).toEqual([]);
});

test('ignores a dependency that is not installed', () => {
  using project = createProject({ 'package.json': { name: 'app', ...dependencies(REDIS), optionalDependencies: [] } });
  expect(installed({ appRoot: project.folder })).toEqual([]);
});

test('lists installed backends before known ones', () => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies('queue-of-nats', REDIS) },
    ...backendPackage('node_modules/queue-of-nats', 'nats'),
    ...backendPackage(`node_modules/${REDIS}`, 'redis', { version: undefined }),
  });
  expect(listBackends({ appRoot: project.folder })).toEqual([
    { name: 'nats', packageName: 'queue-of-nats', state: 'installed', version: '1.2.3' },
    { name: 'redis', packageName: REDIS, state: 'installed' },
    { name: 'memory', packageName: '@slack-mcp/backend-memory', state: 'available' },
    { name: 'rabbitmq', packageName: '@slack-mcp/backend-rabbitmq', state: 'available' },
    { name: 'kafka', packageName: '@slack-mcp/backend-kafka', state: 'available' },
  ]);
});

const COMMONJS = pluginCode('redis').replace('import.meta.filename', '__filename');

test.each<[string, object, Files]>([
  ['exports its package.json', { exports: { '.': './index.js', './package.json': './package.json' } }, {}],
  ['exports for import only', { exports: { '.': { types: './index.d.ts', import: './index.js' } } }, {}],
  ['exports for import only, without subpaths', { exports: { import: { default: './index.js' } } }, {}],
  ['has a main', { exports: undefined, main: 'index.js' }, {}],
  ['has a top-level await', {}, { 'index.js': `await undefined;\n${pluginCode('redis')}` }],
  [
    'is CommonJS',
    { type: 'commonjs' },
    { 'index.js': COMMONJS.replace('export default plugin', 'module.exports = plugin') },
  ],
  [
    'is CommonJS, compiled from a module',
    { type: 'commonjs' },
    { 'index.js': COMMONJS.replace('export default plugin', 'exports.__esModule = true; exports.default = plugin') },
  ],
])('loads a package that %s', async (_, manifest, files) => {
  const folder = `node_modules/${REDIS}`;
  const code = Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
  using project = createProject({
    'package.json': { name: 'app', ...dependencies(REDIS) },
    ...backendPackage(folder, 'redis', manifest),
    ...code,
  });
  expect((await load({ appRoot: project.folder }, 'redis')).backend).toMatchObject({
    name: 'redis',
    file: project.path(folder, 'index.js'),
  });
});

/** A command of the application, in a separate process. */
async function run(project: Project, code: string, flags: readonly string[] = [], env: Record<string, string> = {}) {
  const core = JSON.stringify(import.meta.resolve('../src/index.ts'));
  const program = `import * as core from ${core}; console.log(JSON.stringify(${code}));`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', program], {
    cwd: project.folder,
    env: { ...process.env, NODE_OPTIONS: '', QUEUE_BACKEND: '', QUEUE_BACKEND_TYPE: '', ...env },
  });
  return JSON.parse(stdout) as unknown;
}

test('resolves the entry with the conditions that Node was started with', async () => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies(REDIS) },
    ...backendPackage(`node_modules/${REDIS}`, 'redis', {
      exports: { '.': { '@slack-mcp/source': './source.js', default: './index.js' } },
    }),
    [`node_modules/${REDIS}/source.js`]: pluginCode('redis'),
  });
  const code = '(await core.loadBackend()).backend.file';
  const file = (name: string): string => project.path('node_modules', REDIS, name);
  expect(await run(project, code, ['--conditions=@slack-mcp/source'])).toBe(file('source.js'));
  expect(await run(project, code)).toBe(file('index.js'));
});

test('does not search NODE_PATH', async () => {
  using project = createProject({
    'package.json': { name: 'app', ...dependencies(REDIS) },
    ...backendPackage(`elsewhere/${REDIS}`, 'redis', {
      exports: { '.': './index.js', './package.json': './package.json' },
    }),
  });
  const code = 'core.listBackends().filter(({ installed }) => installed)';
  expect(await run(project, code, [], { NODE_PATH: project.path('elsewhere') })).toEqual([]);
});

test('a command without appRoot searches only next to itself', () => {
  const project = createProject({
    'folder/package.json': { name: 'folder', ...dependencies('evil') },
    ...backendPackage('folder/node_modules/evil', 'evil'),
    ...server('home/node_modules'),
    'home/package.json': { name: 'home', ...dependencies(SERVER) },
  });
  const from = project.path(`home/node_modules/${SERVER}/dist/bin/run.js`);
  expect(installed({ from })).toEqual(['memory']);
  expect(installed({ appRoot: project.path('folder'), from })).toEqual(['evil', 'memory']);
  const cwd = process.cwd();
  try {
    process.chdir(project.path('folder'));
    expect(installed({ from })).toEqual(['memory']);
    expect(installed({})).toEqual(['evil']);
  } finally {
    process.chdir(cwd);
  }
});
