import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

/** What Yarn's `.pnp.cjs` does for packages in a cache: resolution by name, without a node_modules folder. */
const PNP = `
const Module = require('node:module');
const { join, sep } = require('node:path');
const cache = join(__dirname, 'cache');
process.versions.pnp = '3';
Module.findPnpApi = () => ({ resolveToUnqualified: (name) => (name.startsWith('backend-') ? join(cache, name) : null) });
const inherited = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (!request.startsWith('backend-')) return inherited.call(this, request, ...rest);
  if (request.includes('/')) throw Object.assign(new Error(request), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
  return join(cache, request, 'index.js');
};`;

const PLUGIN = `
class Backend { static fromEnv() { return new Backend(); } }
export default { apiVersion: 1, name: 'tiny', env: [], Backend };`;

test.each<[string, object]>([
  ['a string', { exports: './index.js' }],
  ['conditions', { exports: { '.': { import: './index.js', default: './index.js' } } }],
])('finds a backend under Plug’n’Play whose exports are %s', async (_name, manifest) => {
  const folder = mkdtempSync(join(tmpdir(), 'plug-and-play-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const marker = { type: 'module', 'slack-mcp': { queueBackend: 'tiny', apiVersion: 1 } };
  write('package.json', { name: 'app', dependencies: { 'backend-tiny': '*' } });
  write('cache/backend-tiny/package.json', { name: 'backend-tiny', version: '1.0.0', ...marker, ...manifest });
  write('cache/backend-tiny/index.js', PLUGIN);
  write('.pnp.cjs', PNP);
  write(
    'list.ts',
    `import { listBackends } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
console.log(JSON.stringify(listBackends({ appRoot: import.meta.dirname })));`,
  );
  const args = ['--conditions=@slack-mcp/source', '-r', join(folder, '.pnp.cjs'), join(folder, 'list.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ name: 'tiny', packageName: 'backend-tiny', state: 'installed' }),
  );
});
