import { expect, test } from 'vitest';
import { BackendInvalidError, BackendNotFoundError, ConfigurationError, loadDedupeStore } from '../src/index.ts';
import { backendPackage, createProject, type Project, pluginCode } from './projects.ts';

const FOLDER = 'node_modules/backend-recall';
const OPENS = `export const openDedupeStore = (env) => {
  return { claim: async () => env, health: async () => ({ status: 'up', detail: {} }), close: async () => {} };
};`;

/** An application with a backend `recall` whose subpath contains this code. */
function application(dedupeStore: string, plugin = "plugin.dedupeStore = './dedupe-store';"): Project {
  const exports = { '.': './index.js', './dedupe-store': './recall.js' };
  return createProject({
    'package.json': { name: 'app', dependencies: { 'backend-recall': '*' } },
    ...backendPackage(FOLDER, 'recall', { exports }, pluginCode('recall', plugin)),
    [`${FOLDER}/recall.js`]: dedupeStore,
  });
}

const load = ({ folder }: Project, name: string | undefined, env: Record<string, string> = {}) =>
  loadDedupeStore({ appRoot: folder, env: { ...env, ...(name !== undefined && { SLACK_EVENTS_DEDUPE: name }) } });

test('loads the store of the named backend with its variables, regardless of the queue', async () => {
  using app = application(OPENS);
  const store = await load(app, 'Recall', { QUEUE_BACKEND: 'other', RECALL_URL: 'x' });
  expect(await store?.claim('id', 1)).toMatchObject({ RECALL_URL: 'x' });
});

test.each([undefined, 'memory', ' '])('loads no store for %j', async (name) => {
  using app = application(OPENS);
  expect(await load(app, name, { QUEUE_BACKEND: 'recall' })).toBeUndefined();
});

test('names the variable of an unusable backend name', async () => {
  using app = application(OPENS, '');
  await expect(load(app, '../x')).rejects.toThrow(/^SLACK_EVENTS_DEDUPE is not a valid backend name/);
  await expect(load(app, 'recall')).rejects.toThrow(
    /^SLACK_EVENTS_DEDUPE names the backend recall, which has no dedupe store/,
  );
  await expect(load(app, 'recall')).rejects.toBeInstanceOf(ConfigurationError);
  await expect(load(app, 'recal')).rejects.toThrow(/did you mean recall\?.*set SLACK_EVENTS_DEDUPE=recall/);
  await expect(load(app, 'redis')).rejects.toBeInstanceOf(BackendNotFoundError);
});

test.each([
  ['no function', 'export {};', /openDedupeStore of the backend recall is not valid: it is missing or not a function/],
  [
    'an incomplete store',
    'export const openDedupeStore = () => ({ claim() {} });',
    /does not return \{ claim, health, close \}/,
  ],
  ['broken code', 'nonsense(', /backend-recall\/dedupe-store cannot be loaded/],
])('rejects a subpath with %s', async (_name, code, problem) => {
  using app = application(code);
  const error = await load(app, 'recall').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackendInvalidError);
  expect((error as Error).message).toMatch(problem);
});
