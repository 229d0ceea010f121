import { expect, test } from 'vitest';
import { BackendInvalidError, BackendNotFoundError, ConfigurationError, loadDedupeStore } from '../src/index.ts';
import { backendPackage, createProject, type Project, pluginCode } from './projects.ts';

const FOLDER = 'node_modules/backend-recall';
const OPENS = `export const openDedupeStore = (env) => {
  return { claim: async () => env, health: async () => ({ status: 'up', detail: {} }), close: async () => {} };
};`;

/** An application with a backend `recall` whose subpath holds this code. */
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

test('the named backend keeps what was published, with its variables, whatever the queue is', async () => {
  using app = application(OPENS);
  const store = await load(app, 'Recall', { QUEUE_BACKEND: 'other', RECALL_URL: 'x' });
  expect(await store?.claim('id', 1)).toMatchObject({ RECALL_URL: 'x' });
});

test.each([undefined, 'memory', ' '])('%j leaves it to each process', async (name) => {
  using app = application(OPENS);
  expect(await load(app, name, { QUEUE_BACKEND: 'recall' })).toBeUndefined();
});

test('a name that leads nowhere is told with the variable that holds it', async () => {
  using app = application(OPENS, '');
  await expect(load(app, '../x')).rejects.toThrow(/^SLACK_EVENTS_DEDUPE is not the name of a backend/);
  await expect(load(app, 'recall')).rejects.toThrow(/^SLACK_EVENTS_DEDUPE names the backend recall, which offers no/);
  await expect(load(app, 'recall')).rejects.toBeInstanceOf(ConfigurationError);
  await expect(load(app, 'recal')).rejects.toThrow(/did you mean recall\?.*set SLACK_EVENTS_DEDUPE=recall/);
  await expect(load(app, 'redis')).rejects.toBeInstanceOf(BackendNotFoundError);
});

test.each([
  ['no function', 'export {};', /openDedupeStore of the backend recall is not exported/],
  ['less than a store', 'export const openDedupeStore = () => ({ claim() {} });', /no \{ claim, health, close \}/],
  ['broken code', 'nonsense(', /backend-recall\/dedupe-store cannot be loaded/],
])('a subpath with %s is told as invalid', async (_name, code, problem) => {
  using app = application(code);
  const error = await load(app, 'recall').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackendInvalidError);
  expect((error as Error).message).toMatch(problem);
});
