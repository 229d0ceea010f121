import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import {
  BackendInvalidError,
  type BackendPlugin,
  ConfigurationError,
  isQueueError,
  type LoadBackendOptions,
  type Logger,
  listBackends,
  loadBackend,
  type QueueBackend,
} from '../src/index.ts';
import { MinimalBackend } from './minimal-backend.ts';
import { backendPackage, createProject, type Files, pluginCode } from './projects.ts';

const MEMORY = 'node_modules/@slack-mcp/backend-memory';
const REDIS = 'node_modules/@slack-mcp/backend-redis';
const memory = backendPackage(MEMORY, 'memory');
const redis = backendPackage(REDIS, 'redis');

const application = (...dependencies: string[]): Files => ({
  'package.json': { name: 'app', dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) },
});

interface Entry {
  level: string;
  text: string | undefined;
  fields: Record<string, unknown>;
}

function recorder(): { logger: Logger; entries: Entry[] } {
  const entries: Entry[] = [];
  const write =
    (level: string) =>
    (fields: object | string, text?: string): void => {
      entries.push(
        typeof fields === 'string' ? { level, text: fields, fields: {} } : { level, text, fields: { ...fields } },
      );
    };
  return {
    entries,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}

/** Loads a backend, by default with an empty environment, outside of this repository. */
async function load(appRoot: string, env: Record<string, string> = {}, options: LoadBackendOptions = {}) {
  const { logger, entries } = recorder();
  const loaded = await loadBackend({ appRoot, env, logger, ...options });
  return { ...loaded, entries, warnings: entries.filter(({ level }) => level === 'warn') };
}

async function failure(loading: Promise<unknown>): Promise<{ code: string; message: string; cause?: unknown }> {
  const error = await loading.then(
    () => expect.fail('it did not reject'),
    (reason: unknown) => reason,
  );
  if (!isQueueError(error)) throw error;
  return error;
}

const plugin: BackendPlugin = { apiVersion: 1, name: 'minimal', env: [], Backend: MinimalBackend };

test('uses an instance passed in code regardless of the environment', async () => {
  const backend = new MinimalBackend();
  const loaded = await load('/', { QUEUE_BACKEND: '../../evil' }, { backend });
  expect(loaded).toMatchObject({ backend, reason: 'instance' });
  expect(loaded.entries).toEqual([
    { level: 'info', text: 'queue_backend_loaded', fields: { backend: 'minimal', reason: 'instance' } },
  ]);
});

test('creates a plugin passed in code from the environment', async () => {
  const loaded = await load('/', { QUEUE_BACKEND: 'redis', MINIMAL: '1' }, { plugin });
  expect(loaded).toMatchObject({ plugin, reason: 'plugin' });
  expect((loaded.backend as MinimalBackend).env).toMatchObject({ MINIMAL: '1' });
});

test('validates the instance and the plugin passed in code', async () => {
  const wrong = { backend: {} as QueueBackend };
  expect((await failure(load('/', {}, wrong))).message).toBe(
    'the backend passed in code is not a queue backend: it has no name',
  );
  expect(await failure(load('/', {}, { plugin: {} as BackendPlugin }))).toBeInstanceOf(BackendInvalidError);
  expect(await failure(load('/', {}, { plugin, backend: new MinimalBackend() }))).toBeInstanceOf(ConfigurationError);
});

test('QUEUE_BACKEND selects an installed backend and logs it without credentials', async () => {
  using app = createProject({
    ...application('@slack-mcp/backend-memory', '@slack-mcp/backend-redis'),
    ...memory,
    ...redis,
  });
  const env = { QUEUE_BACKEND: ' Redis ', REDIS_URL: 'x' };
  const loaded = await load(app.folder, env);
  expect(loaded).toMatchObject({
    reason: 'environment',
    packageName: '@slack-mcp/backend-redis',
    plugin: { name: 'redis' },
    backend: { name: 'redis', env, file: app.path(REDIS, 'index.js') },
  });
  expect(loaded.entries).toEqual([
    {
      level: 'info',
      text: 'queue_backend_loaded',
      fields: {
        backend: 'redis',
        reason: 'environment',
        package: '@slack-mcp/backend-redis',
        endpoint: 'broker://localhost:1234/0',
      },
    },
  ]);
});

test('passes the logger to the backend if there is one', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-redis'), ...redis });
  const { logger } = recorder();
  const given = await loadBackend({ appRoot: app.folder, env: {}, logger });
  expect(given.backend).toMatchObject({ options: { logger } });
  const none = await loadBackend({ appRoot: app.folder, env: {} });
  expect(none.backend).toMatchObject({ options: undefined });
});

test('QUEUE_BACKEND_TYPE is an alias', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-redis'), ...redis });
  expect(await load(app.folder, { QUEUE_BACKEND_TYPE: 'redis' })).toMatchObject({ reason: 'environment' });
  expect(await load(app.folder, { QUEUE_BACKEND_TYPE: 'redis', QUEUE_BACKEND: 'REDIS' })).toMatchObject({
    backend: { name: 'redis' },
  });
  const error = await failure(load(app.folder, { QUEUE_BACKEND_TYPE: 'redis', QUEUE_BACKEND: 'kafka' }));
  expect(error).toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  expect(error.message).toContain('QUEUE_BACKEND is kafka but its alias QUEUE_BACKEND_TYPE is redis');
});

test('by default, uses the first dependency in package.json that is not memory', async () => {
  using app = createProject({
    ...application('left-pad', '@slack-mcp/backend-memory', 'queue-of-nats', '@slack-mcp/backend-redis'),
    ...memory,
    ...redis,
    ...backendPackage('node_modules/queue-of-nats', 'nats'),
    'node_modules/left-pad/package.json': { name: 'left-pad' },
  });
  const loaded = await load(app.folder);
  expect(loaded).toMatchObject({ backend: { name: 'nats' }, reason: 'dependency', packageName: 'queue-of-nats' });
  expect(loaded.warnings).toEqual([
    {
      level: 'warn',
      text: 'queue_backend_ambiguous',
      fields: { backend: 'nats', hint: 'several backends are installed, choose one with QUEUE_BACKEND: nats, redis' },
    },
  ]);
  expect((await load(app.folder, { QUEUE_BACKEND: 'redis' })).warnings).toEqual([]);
});

test('uses a single dependency without a warning, also in production', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-redis'), ...redis });
  const loaded = await load(app.folder, { NODE_ENV: 'production' });
  expect(loaded).toMatchObject({ reason: 'dependency', warnings: [] });
});

test('uses a development dependency only if it is named', async () => {
  using app = createProject({
    'package.json': {
      name: 'app',
      dependencies: { '@slack-mcp/backend-memory': '*' },
      devDependencies: { '@slack-mcp/backend-redis': '*' },
    },
    ...memory,
    ...redis,
  });
  expect(await load(app.folder)).toMatchObject({ backend: { name: 'memory' }, reason: 'default' });
  expect(await load(app.folder, { QUEUE_BACKEND: 'redis' })).toMatchObject({ backend: { name: 'redis' } });
});

test('memory is for development only', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-memory'), ...memory, 'pnpm-lock.yaml': '' });
  const loaded = await load(app.folder, { NODE_ENV: 'development' });
  expect(loaded).toMatchObject({ backend: { name: 'memory' }, reason: 'default' });
  expect(loaded.warnings).toEqual([
    {
      level: 'warn',
      text: 'queue_backend_development_only',
      fields: {
        backend: 'memory',
        hint: 'it is for development only and loses messages on restart: pnpm add @slack-mcp/backend-redis',
      },
    },
  ]);
  const error = await failure(load(app.folder, { NODE_ENV: 'production' }));
  expect(error).toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  expect(error.message).toContain('QUEUE_BACKEND=memory');
  const asked = await load(app.folder, { NODE_ENV: 'production', QUEUE_BACKEND: 'memory' });
  expect(asked).toMatchObject({ backend: { name: 'memory' }, reason: 'environment', warnings: [] });
});

test('emits a process warning without a logger', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-memory'), ...memory });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  await loadBackend({ appRoot: app.folder, env: {} });
  expect(await warned).toMatchObject({ name: 'SlackMcpWarning', code: 'queue_backend_development_only' });
});

test('reports that no backend is installed', async () => {
  using app = createProject({ 'package.json': { name: 'app' } });
  expect(await failure(load(app.folder))).toMatchObject({
    code: 'ERR_QUEUE_BACKEND_NOT_FOUND',
    message: expect.stringContaining('no queue backend is installed: npm install @slack-mcp/backend-redis; searched: '),
  });
});

test.each([
  ['redis', [], 'install it: npm install @slack-mcp/backend-redis'],
  ['redsi', ['did you mean redis?'], 'install it: npm install @slack-mcp/backend-redis'],
  ['kafka', [], 'install it: npm install @slack-mcp/backend-kafka'],
  ['rabitmq', ['did you mean rabbitmq?'], 'install it: npm install @slack-mcp/backend-rabbitmq'],
  ['memroy', ['did you mean memory?'], 'set QUEUE_BACKEND=memory'],
  ['sqs', [], 'install the package that provides it, for example: npm install @slack-mcp/backend-redis'],
])('suggests a remedy if %s is not installed', async (name, hints, remedy) => {
  using app = createProject({ ...application('@slack-mcp/backend-memory'), ...memory });
  const error = await failure(load(app.folder, { QUEUE_BACKEND: name }));
  expect(error.code).toBe('ERR_QUEUE_BACKEND_NOT_FOUND');
  expect(error.message).toBe(
    [
      `the backend ${name} is not installed`,
      ...hints,
      'installed: memory (@slack-mcp/backend-memory)',
      'known: memory, redis, rabbitmq, kafka',
      remedy,
      `searched: ${app.folder} (in code, set appRoot to the application's folder, or pass the plugin)`,
    ].join('; '),
  );
});

test.each([
  ['pnpm-lock.yaml', {}, 'pnpm add'],
  ['yarn.lock', {}, 'yarn add'],
  ['bun.lock', {}, 'bun add'],
  ['package-lock.json', { npm_config_user_agent: 'pnpm/10.0.0 npm/? node/v24.0.0' }, 'npm install'],
  ['none', { npm_config_user_agent: 'pnpm/10.0.0 npm/? node/v24.0.0' }, 'pnpm add'],
  ['none', { npm_config_user_agent: 'yarn/1.22.0 npm/? node/v24.0.0' }, 'yarn add'],
  ['none', { npm_config_user_agent: 'evil; rm -rf /' }, 'npm install'],
])('chooses the install command for %s and %j', async (lockfile, env, command) => {
  using app = createProject({ 'workspace/app/package.json': { name: 'app' }, [`workspace/${lockfile}`]: '' });
  const error = await failure(load(app.path('workspace', 'app'), { ...env, QUEUE_BACKEND: 'redis' }));
  expect(error.message).toContain(`install it: ${command} @slack-mcp/backend-redis`);
});

test.each([
  '../../evil',
  'redis/../evil',
  './evil',
  '/etc/passwd',
  'node:fs',
  'fs/promises',
  '__proto__',
  '%2e%2e%2fevil',
  'data:text/javascript,process.exit(1)',
  'file:///tmp/evil.js',
  'https://example.com/evil.js',
  '@evil/backend',
  'evil\0',
  'évil',
  '-evil',
  '1evil',
  'x'.repeat(33),
  'x'.repeat(10_240),
])('rejects QUEUE_BACKEND=%s before reading any file', async (name) => {
  // Discovery would fail on this package.json, but it is not reached.
  using app = createProject({ 'package.json': 'not JSON' });
  for (const variable of ['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE']) {
    const error = await failure(load(app.folder, { [variable]: name }));
    expect(error.code).toBe('ERR_QUEUE_CONFIG');
    expect(error.message).toMatch(new RegExp(`^${variable} is not a valid backend name`));
    expect(error.message.length).toBeLessThan(200);
  }
});

test('runs only the code of the chosen backend', async () => {
  const marker = (name: string): string => `
    import { writeFileSync } from 'node:fs';
    writeFileSync(new URL('../../ran-${name}', import.meta.url), '');
    ${pluginCode(name)}
  `;
  using app = createProject({
    ...application('evil', 'good', 'plain'),
    ...backendPackage('node_modules/evil', 'evil', {}, marker('evil')),
    ...backendPackage('node_modules/good', 'good', {}, marker('good')),
    ...backendPackage('node_modules/plain', 'plain', { 'slack-mcp': undefined }, marker('plain')),
    ...backendPackage('node_modules/hidden', 'hidden', {}, marker('hidden')),
  });
  const ran = () => readdirSync(app.folder).filter((name) => name.startsWith('ran-'));
  expect(listBackends({ appRoot: app.folder }).filter(({ state }) => state === 'installed')).toHaveLength(2);
  await failure(load(app.folder, { QUEUE_BACKEND: 'goodd' }));
  await failure(load(app.folder, { QUEUE_BACKEND: '../../node_modules/evil' }));
  // A package without the marker, or one that is not a dependency, is not a backend.
  await failure(load(app.folder, { QUEUE_BACKEND: 'plain' }));
  await failure(load(app.folder, { QUEUE_BACKEND: 'hidden' }));
  expect(ran()).toEqual([]);
  await load(app.folder, { QUEUE_BACKEND: 'good' });
  expect(ran()).toEqual(['ran-good']);
});

test.each([
  [
    'a newer API version',
    { 'slack-mcp': { queueBackend: 'redis', apiVersion: 2 } },
    pluginCode('redis'),
    '@slack-mcp/backend-redis needs version 2 of the backend API, but this @slack-mcp/core has version 1: update the @slack-mcp packages of the application, or install an older version of the backend',
  ],
  [
    'an older API version',
    { 'slack-mcp': { queueBackend: 'redis', apiVersion: 0 } },
    pluginCode('redis'),
    'needs version 0 of the backend API, but this @slack-mcp/core has version 1: update the backend',
  ],
  [
    'no API version',
    { 'slack-mcp': { queueBackend: 'redis' } },
    pluginCode('redis'),
    'does not say in its package.json which version of the backend API it uses',
  ],
  [
    'a backend with unknown capabilities',
    {},
    pluginCode(
      'redis',
      "Backend.fromEnv = () => { const one = new Backend(); one.capabilities.ordering = 'total'; return one; };",
    ),
    'the result of fromEnv of the backend redis is not a queue backend: its capabilities.ordering is missing or invalid',
  ],
  [
    'a backend with a capability that does not exist',
    {},
    pluginCode(
      'redis',
      'Backend.fromEnv = () => { const one = new Backend(); one.capabilities.teleport = true; return one; };',
    ),
    'its capabilities.teleport is not in version 1 of the backend API. If it needs a newer contract, update the @slack-mcp packages of the application, or install an older version of the backend; otherwise correct the name',
  ],
  [
    'a backend with another name than its plugin',
    {},
    pluginCode('redis', "Backend.fromEnv = () => { const one = new Backend(); one.name = 'valkey'; return one; };"),
    'the plugin redis creates a backend named valkey: both must have the same name',
  ],
  ['another name in its code', {}, pluginCode('valkey'), 'redis in its package.json but valkey in its code'],
  ['no default export', {}, 'export const plugin = {};', 'it is missing or not an object'],
  ['a class as default export', {}, 'export default class {}', 'it is missing or not an object'],
  [
    'another API version in its code',
    {},
    'export default { apiVersion: 2 };',
    'the backend in @slack-mcp/backend-redis has the apiVersion 1 in its package.json but 2 in its code',
  ],
  ['no API version in its code', {}, 'export default {};', 'its apiVersion is not 1'],
  ['a syntax error', {}, 'export default {', 'cannot be loaded'],
  ['code that throws', {}, 'throw new Error("boom")', 'cannot be loaded'],
  ['a missing import', {}, 'import "nowhere-to-be-found"', 'cannot be loaded'],
  ['no entry', { exports: { '.': './missing.js' } }, pluginCode('redis'), 'cannot be loaded'],
  ['an entry outside of itself', { exports: { '.': '../evil.js' } }, pluginCode('redis'), 'cannot be loaded'],
  [
    'an entry outside of itself for import',
    { exports: { '.': { import: './../evil.js' } } },
    pluginCode('redis'),
    'cannot be loaded',
  ],
  [
    'fromEnv that fails',
    {},
    pluginCode('redis', 'Backend.fromEnv = () => { throw new Error("boom"); };'),
    'cannot be created',
  ],
  ['fromEnv that returns nothing', {}, pluginCode('redis', 'Backend.fromEnv = () => {};'), 'it is not an object'],
  [
    'fromEnv that returns a promise',
    {},
    pluginCode('redis', 'Backend.fromEnv = async () => new Backend();'),
    'it has no name',
  ],
])('rejects a package with %s', async (_, manifest, code, message) => {
  using app = createProject({
    ...application('@slack-mcp/backend-redis'),
    ...backendPackage(REDIS, 'redis', manifest, code),
    'node_modules/@slack-mcp/evil.js': pluginCode('redis'),
  });
  for (const env of [{}, { QUEUE_BACKEND: 'redis' }]) {
    const error = await failure(load(app.folder, env));
    expect(error.code).toBe('ERR_QUEUE_BACKEND_INVALID');
    expect(error.message).toContain(message);
    if (/cannot be/.test(message)) expect(error.cause).toBeInstanceOf(Error);
  }
});

test('passes on the configuration error of fromEnv', async () => {
  const code = pluginCode(
    'redis',
    `Backend.fromEnv = () => {
      throw Object.defineProperty(Object.assign(new Error('REDIS_URL is not set'), { code: 'ERR_QUEUE_CONFIG' }), Symbol.for('@slack-mcp/queue-error'), { value: true });
    };`,
  );
  using app = createProject({
    ...application('@slack-mcp/backend-redis'),
    ...backendPackage(REDIS, 'redis', {}, code),
  });
  expect(await failure(load(app.folder))).toMatchObject({ message: 'REDIS_URL is not set', code: 'ERR_QUEUE_CONFIG' });
});

test('names both dependencies that provide the same backend', async () => {
  using app = createProject({
    ...application('backend-nats', 'other-nats'),
    ...backendPackage('node_modules/backend-nats', 'nats'),
    ...backendPackage('node_modules/other-nats', 'nats'),
  });
  for (const env of [{}, { QUEUE_BACKEND: 'nats' }]) {
    const error = await failure(load(app.folder, env));
    expect(error.code).toBe('ERR_QUEUE_CONFIG');
    expect(error.message).toBe(
      `backend-nats and other-nats both provide the backend nats: remove one of them from ${app.path('package.json')}`,
    );
  }
});

test('refuses a foreign package with the name of one of ours', async () => {
  const other = backendPackage('node_modules/other-redis', 'redis');
  using alone = createProject({ ...application('other-redis'), ...other });
  expect(await failure(load(alone.folder, { QUEUE_BACKEND: 'redis' }))).toMatchObject({
    code: 'ERR_QUEUE_BACKEND_INVALID',
    message:
      'other-redis cannot be used as the backend redis: it has the name redis, which belongs to @slack-mcp/backend-redis. Remove the package, and install the backend: npm install @slack-mcp/backend-redis',
  });
  using both = createProject({ ...application('other-redis', '@slack-mcp/backend-redis'), ...other, ...redis });
  const loaded = await load(both.folder);
  expect(loaded).toMatchObject({ packageName: '@slack-mcp/backend-redis', backend: { name: 'redis' } });
  expect(loaded.warnings).toEqual([
    {
      level: 'warn',
      text: 'queue_backend_ignored',
      fields: {
        package: 'other-redis',
        hint: 'not used as a backend: it has the name redis, which belongs to @slack-mcp/backend-redis',
      },
    },
  ]);
});

test.each([
  ['a fork under the name of our package', '@slack-mcp/backend-redis', { name: '@me/backend-redis' }],
  ['our package under another name', 'my-redis', { name: '@slack-mcp/backend-redis' }],
])('accepts %s', async (_, dependency, manifest) => {
  using app = createProject({
    ...application(dependency),
    ...backendPackage(`node_modules/${dependency}`, 'redis', manifest),
  });
  expect(await load(app.folder)).toMatchObject({ packageName: dependency, backend: { name: 'redis' }, warnings: [] });
});

const MARKERS: readonly [string, unknown, string][] = [
  ['that is a text', 'nats', 'the field slack-mcp in its package.json is not an object'],
  ['without a name', { apiVersion: 1 }, 'the field slack-mcp in its package.json has no queueBackend'],
  ['with a list', { queueBackend: ['nats'] }, 'slack-mcp.queueBackend in its package.json is not a string'],
  [
    'with an invalid name',
    { queueBackend: 'Nats', apiVersion: 1 },
    'slack-mcp.queueBackend in its package.json is not a valid backend name: "Nats"',
  ],
];

test.each(MARKERS)('names the package that is meant, if it has a field slack-mcp %s', async (_, marker, problem) => {
  using app = createProject({
    ...application('slack-mcp-backend-nats'),
    ...backendPackage('node_modules/slack-mcp-backend-nats', 'nats', { 'slack-mcp': marker }),
  });
  expect(await failure(load(app.folder, { QUEUE_BACKEND: 'nats' }))).toMatchObject({
    code: 'ERR_QUEUE_BACKEND_INVALID',
    message: `slack-mcp-backend-nats cannot be used as the backend nats: ${problem}. Update the package or report this to its author`,
  });
  const ignored = `; ignored: slack-mcp-backend-nats (${problem})`;
  for (const env of [{ QUEUE_BACKEND: 'kafka' }, {}, { NODE_ENV: 'production' }]) {
    expect((await failure(load(app.folder, env))).message).toContain(ignored);
  }
});

test.each(MARKERS)('warns once about a package with a field slack-mcp %s', async (_, marker, problem) => {
  using app = createProject({
    ...application('queue-of-nats', '@slack-mcp/backend-redis'),
    ...redis,
    ...backendPackage('node_modules/queue-of-nats', 'nats', { 'slack-mcp': marker }),
  });
  const loaded = await load(app.folder);
  expect(loaded).toMatchObject({ backend: { name: 'redis' } });
  expect(loaded.warnings).toEqual([
    {
      level: 'warn',
      text: 'queue_backend_ignored',
      fields: { package: 'queue-of-nats', hint: `not used as a backend: ${problem}` },
    },
  ]);
});

test('names a backend once that the application and the command depend on', async () => {
  using app = createProject({
    ...application('@slack-mcp/backend-memory', '@slack-mcp/server'),
    ...memory,
    'node_modules/@slack-mcp/server/package.json': {
      name: '@slack-mcp/server',
      dependencies: { '@slack-mcp/backend-memory': '*' },
    },
    'node_modules/@slack-mcp/server/dist/run.js': '',
  });
  const from = pathToFileURL(app.path('node_modules/@slack-mcp/server/dist/run.js'));
  const { message } = await failure(load(app.folder, { QUEUE_BACKEND: 'nats' }, { from }));
  expect(message).toContain('; installed: memory (@slack-mcp/backend-memory); known:');
});

test('checks a plugin passed in code like an installed one', async () => {
  const newer = { ...plugin, apiVersion: 2 } as unknown as BackendPlugin;
  expect((await failure(load('/', {}, { plugin: newer }))).message).toBe(
    'the plugin passed in code is not a backend plugin: it needs version 2 of the backend API, but this @slack-mcp/core has version 1: update the @slack-mcp packages of the application, or install an older version of the backend',
  );
  expect((await failure(load('/', {}, { plugin: { ...plugin, name: 'other' } }))).message).toMatch(
    /^the plugin other creates a backend named minimal: both must have the same name\./,
  );
});

test('prefers the backend of the application to that of the command', async () => {
  using app = createProject({ ...application('@slack-mcp/backend-redis'), ...redis });
  using tool = createProject({
    'node_modules/@slack-mcp/server/package.json': { name: '@slack-mcp/server' },
    'node_modules/@slack-mcp/server/dist/bin/run.js': '',
    'package.json': { dependencies: { '@slack-mcp/server': '*', '@slack-mcp/backend-redis': '*' } },
    ...redis,
  });
  const from = pathToFileURL(tool.path('node_modules/@slack-mcp/server/dist/bin/run.js'));
  expect(await load(app.folder, { QUEUE_BACKEND: 'redis' }, { from })).toMatchObject({
    backend: { file: app.path(REDIS, 'index.js') },
  });
});

test('names an invalid package.json of the application', async () => {
  using app = createProject({ 'package.json': '[]' });
  expect(await failure(load(app.folder))).toMatchObject({
    code: 'ERR_QUEUE_CONFIG',
    message: `${app.path('package.json')} does not contain a JSON object: repair the file`,
  });
});

test('logs nothing else if a backend cannot be created', async () => {
  const refusing = `import { ConfigurationError } from ${JSON.stringify(import.meta.resolve('../src/index.ts'))};
    class Backend { static fromEnv() { throw new ConfigurationError('MEMORY_NAME is wrong'); } }
    export default { apiVersion: 1, name: 'memory', env: [], Backend };`;
  using app = createProject({
    ...application('@slack-mcp/backend-memory'),
    ...backendPackage(MEMORY, 'memory', {}, refusing),
  });
  const { logger, entries } = recorder();
  const error = await failure(loadBackend({ appRoot: app.folder, env: {}, logger }));
  expect(error.message).toBe('MEMORY_NAME is wrong');
  expect(entries).toEqual([]);
});

test('names the folder that it searched, for a program that runs elsewhere', async () => {
  using app = createProject(application('@slack-mcp/backend-redis'));
  using other = createProject({ 'package.json': { name: 'other' } });
  const error = await failure(load(other.folder, { QUEUE_BACKEND: 'redis' }));
  expect(error.message).toContain(`searched: ${other.folder} (in code, set appRoot`);
  expect(error.message).not.toContain(app.folder);
  expect((await failure(load(other.folder))).message).toContain(`no queue backend is installed: npm install`);
  expect((await failure(load(other.folder))).message).toContain(`searched: ${other.folder}`);
});
