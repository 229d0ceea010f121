import { expect, test } from 'vitest';
import { BackendInvalidError, BackendNotFoundError, loadIdempotencyStore } from '../src/index.ts';
import { backendPackage, createProject, type Project, pluginCode } from './projects.ts';

const FOLDER = 'node_modules/backend-recall';
const OPENS = `export const openIdempotencyStore = (env) => ({
  claim: async () => ({ fingerprint: env.RECALL_URL }), complete: async () => {}, release: async () => {}, close: async () => {},
});`;

/** An application with a backend `recall` whose subpath contains this code. */
function application(code: string, plugin = "plugin.idempotencyStore = './idempotency-store';"): Project {
  const exports = { '.': './index.js', './idempotency-store': './keys.js' };
  return createProject({
    'package.json': { name: 'app', dependencies: { 'backend-recall': '*' } },
    ...backendPackage(FOLDER, 'recall', { exports }, pluginCode('recall', plugin)),
    [`${FOLDER}/keys.js`]: code,
  });
}

const load = ({ folder }: Project, env: Record<string, string>) => loadIdempotencyStore({ appRoot: folder, env });

test('loads the store of the queue backend with its variables', async () => {
  using app = application(OPENS);
  const store = await load(app, { QUEUE_BACKEND: 'recall', RECALL_URL: 'x' });
  expect(await store?.claim('key', 'f')).toEqual({ fingerprint: 'x' });
});

test('loads no store without a queue backend, or from one that has none', async () => {
  using app = application(OPENS, '');
  expect(await load(app, {})).toBeUndefined();
  expect(await load(app, { QUEUE_BACKEND: 'recall' })).toBeUndefined();
});

test('rejects a backend that is not installed, and an incomplete store', async () => {
  using app = application('export const openIdempotencyStore = () => ({ claim() {} });');
  await expect(load(app, { QUEUE_BACKEND: 'redis' })).rejects.toBeInstanceOf(BackendNotFoundError);
  const error = await load(app, { QUEUE_BACKEND: 'recall' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackendInvalidError);
  expect((error as Error).message).toMatch(/does not return \{ claim, complete, release, close \}/);
});
