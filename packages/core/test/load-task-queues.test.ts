import { expect, test } from 'vitest';
import { BackendInvalidError, BackendNotFoundError, ConfigurationError, loadTaskQueues } from '../src/index.ts';
import { backendPackage, createProject, type Files, type Project, pluginCode } from './projects.ts';

const FOLDER = 'node_modules/backend-tasks';
const MEMORY = '@slack-mcp/backend-memory';
const EXPORTS = { '.': './index.js', './task-queue': './tasks.js' };
const NAMES_SUBPATH = "plugin.taskQueue = './task-queue';";

/** An application with a backend `tasks` whose subpath contains this code. */
function application(taskQueue: string, options: { plugin?: string; exports?: object } = {}): Project {
  const { plugin = NAMES_SUBPATH, exports = { '.': './index.js', './task-queue': './tasks.js' } } = options;
  const code = pluginCode('tasks', plugin);
  const files: Files = {
    'package.json': { name: 'app', dependencies: { 'backend-tasks': '*', [MEMORY]: '*' } },
    ...backendPackage(`node_modules/${MEMORY}`, 'memory', { exports: EXPORTS }, pluginCode('memory', NAMES_SUBPATH)),
    [`node_modules/${MEMORY}/tasks.js`]:
      'export const openTaskQueues = () => ({ store: { embedded: true }, queue: {}, close: async () => {} });',
    ...backendPackage(FOLDER, 'tasks', { exports }, code),
    [`${FOLDER}/tasks.js`]: taskQueue,
  };
  return createProject(files);
}

const OPENS = `export const openTaskQueues = (env, options) => {
  return { store: { env, options }, queue: {}, close: async () => {} };
};`;

const load = (app: Project, env: Record<string, string> = { QUEUE_BACKEND: 'tasks' }) =>
  loadTaskQueues({ appRoot: app.folder, env });

test('uses the backend in QUEUE_BACKEND with its variables', async () => {
  using app = application(OPENS);
  expect(await load(app, { QUEUE_BACKEND: 'tasks', TASKS_URL: 'x' })).toMatchObject({
    backend: 'tasks',
    packageName: 'backend-tasks',
    queues: { store: { env: { TASKS_URL: 'x' }, options: undefined }, queue: {} },
  });
});

test('accepts a subpath that is exported for import only', async () => {
  const condition = { import: './tasks.js' };
  using app = application(OPENS, { exports: { '.': { import: './index.js' }, './task-queue': condition } });
  expect(await load(app)).toBeDefined();
});

test('uses memory if no backend is named or the named one does not store tasks', async () => {
  using app = application(OPENS, { plugin: '' });
  for (const env of [{}, { QUEUE_BACKEND: 'tasks' }]) {
    expect(await load(app, env)).toMatchObject({ backend: 'memory', queues: { store: { embedded: true } } });
  }
});

test.each([
  ['no function', 'export {};', /openTaskQueues .* missing or not a function/],
  [
    'a function that throws',
    "export const openTaskQueues = () => { throw new Error('x'); };",
    /openTaskQueues .* throws/,
  ],
  [
    'a function that returns nothing',
    'export const openTaskQueues = () => {};',
    /does not return \{ store, queue, close \}/,
  ],
  ['broken code', 'nonsense(', /backend-tasks\/task-queue cannot be loaded/],
])('rejects a subpath with %s', async (_name, code, problem) => {
  using app = application(code);
  const error = await load(app).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackendInvalidError);
  expect((error as Error).message).toMatch(problem);
});

test('passes on configuration errors', async () => {
  const core = JSON.stringify(import.meta.resolve('../src/contract/errors.ts'));
  using app = application(
    `import { ConfigurationError } from ${core};
    export const openTaskQueues = () => { throw new ConfigurationError('TASKS_URL is not set'); };`,
  );
  await expect(load(app)).rejects.toThrow('TASKS_URL is not set');
  await expect(load(app, { QUEUE_BACKEND: 'other' })).rejects.toBeInstanceOf(BackendNotFoundError);
  await expect(load(app, { QUEUE_BACKEND: '../x' })).rejects.toBeInstanceOf(ConfigurationError);
});
