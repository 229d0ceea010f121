import { expect, onTestFinished, test } from 'vitest';
import { loadWorkerModule } from '../src/index.ts';
import { createProject, type Files } from './projects.ts';

const WORKER = 'export default (context) => ({ context, close: async () => {} });';
const context = {};

function files(content: Files): (name: string) => string {
  const project = createProject(content);
  onTestFinished(() => project[Symbol.dispose]());
  return (name) => project.path(name);
}

test('starts a worker with its context and returns the exports of the file', async () => {
  const path = files({ 'worker.mjs': `${WORKER} export const respond = 5;` });
  const { start, exports } = await loadWorkerModule(path('worker.mjs'));
  expect(await start(context)).toMatchObject({ context });
  expect(exports['respond']).toBe(5);
});

test.each([
  ['of CommonJS', 'module.exports = () => ({ close() {} });'],
  ['compiled to CommonJS', 'exports.__esModule = true; exports.default = () => ({ close() {} });'],
])('starts a worker %s', async (_what, code) => {
  const path = files({ 'worker.cjs': code });
  const { start } = await loadWorkerModule(path('worker.cjs'));
  expect(await start(context)).toHaveProperty('close');
});

test.each([
  ['that does not exist', 'none.mjs', {}, /none\.mjs: does not exist$/],
  ['that is a folder', 'folder', { 'folder/index.js': WORKER }, /folder: is a folder/],
  ['that throws', 'a.mjs', { 'a.mjs': 'throw new Error("no\\n  database")' }, /cannot be loaded: no database$/],
  [
    'without default export',
    'a.mjs',
    { 'a.mjs': 'export const a = 1;' },
    /must be a function.*the file has no default export$/,
  ],
  ['that exports an object', 'a.mjs', { 'a.mjs': 'export default {};' }, /must be a function.*it is of type object$/],
] as const)('rejects a file %s', async (_what, name, content, expected) => {
  const path = files(content);
  const loading = loadWorkerModule(path(name), { flag: '--worker' });
  await expect(loading).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG', message: expect.stringMatching(expected) });
  await expect(loading).rejects.toThrow(`--worker ${path('')}`);
});

test('rejects a file that never finishes loading', async () => {
  const path = files({ 'worker.mjs': `await new Promise(() => {}); ${WORKER}` });
  await expect(loadWorkerModule(path('worker.mjs'), { timeoutMs: 50 })).rejects.toThrow(/longer than 50 ms/);
});

test('rejects a function that does not return a worker', async () => {
  const path = files({ 'worker.mjs': 'export default () => {};' });
  const { start } = await loadWorkerModule(path('worker.mjs'));
  await expect(start(context)).rejects.toThrow(/worker\.mjs: its function must return a worker/);
});

test('suggests a new name for an ES module in a CommonJS package', async () => {
  const commonjs = { 'package.json': { name: 'app', type: 'commonjs' } };
  const path = files({
    ...commonjs,
    'worker.ts': `/* export */\nimport type { Worker } from '@slack-mcp/core';\n${WORKER}`,
    'worker.js': WORKER,
    'worker.mjs': WORKER,
    'real.js': '/*\nexport\n*/ const text = `\nexport default 1`; module.exports = () => ({ text, close() {} });',
  });
  for (const name of ['worker.ts', 'worker.js']) {
    const renamed = name.replace('.', '.m');
    await expect(loadWorkerModule(path(name))).rejects.toThrow(
      new RegExp(`${name}: is an ES module.*"type": "commonjs".*${renamed}.*"type": "module"`),
    );
  }
  for (const name of ['worker.mjs', 'real.js']) expect(await loadWorkerModule(path(name))).toHaveProperty('start');
});
