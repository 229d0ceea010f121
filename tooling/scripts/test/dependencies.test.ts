import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { auditLockfile } from '../dependencies/audit-lockfile.ts';
import { buildScriptProblems, packagesWithScripts, scriptsOnInstall } from '../dependencies/install-scripts.ts';

const root = join(import.meta.dirname, '../../..');
/** The package manager starts for each audit. */
const STARTS_PNPM = { timeout: 180_000 };

/** A registry that answers each request for audits in the same way. */
async function registry(status: number, body: object): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('names a vulnerability in a dependency that a published build contains', STARTS_PNPM, async () => {
  const advisory = {
    ...{ id: 1, url: 'https://example.com/1', title: 'a hole', severity: 'high', vulnerable_versions: '>=1' },
    ...{ cwe: [], cvss: { score: 8 } },
  };
  const audit = await auditLockfile(root, { registry: await registry(200, { fastify: [advisory] }) });
  expect(audit).toEqual({
    status: 'answered',
    advisories: [{ severity: 'high', packageName: 'fastify', title: 'a hole', url: 'https://example.com/1' }],
  });
});

test('finds nothing if the registry knows of no vulnerability', STARTS_PNPM, async () => {
  const audit = await auditLockfile(root, { registry: await registry(200, {}) });
  expect(audit).toEqual({ status: 'answered', advisories: [] });
});

test('says that a registry does not answer audits, without its address', STARTS_PNPM, async () => {
  const audit = await auditLockfile(root, { registry: await registry(405, {}) });
  expect(audit).toEqual({ status: 'unanswered', reason: 'responded with 405' });
});

test('finds packages with install scripts, also those that are built without naming one', () => {
  const store = mkdtempSync(join(tmpdir(), 'store-'));
  onTestFinished(() => rmSync(store, { recursive: true }));
  const add = (folder: string, manifest: object, ...files: string[]): void => {
    mkdirSync(join(store, folder), { recursive: true });
    writeFileSync(join(store, folder, 'package.json'), JSON.stringify(manifest));
    for (const file of files) writeFileSync(join(store, folder, file), '');
  };
  add('a@1.0.0/node_modules/a', { name: 'a', scripts: { postinstall: 'x' } });
  add('@s+b@1.0.0/node_modules/@s/b', { name: '@s/b', scripts: { install: 'x' } });
  add('c@1.0.0/node_modules/c', { name: 'c' }, 'binding.gyp');
  add('d@1.0.0/node_modules/d', { name: 'd', scripts: { test: 'x', prepare: 'x' } });
  expect([...packagesWithScripts(store)].toSorted()).toEqual(['@s/b', 'a', 'c']);
});

test('every package with install scripts must be judged', () => {
  const strict = { strictDepBuilds: true, allowBuilds: { a: true, b: false } };
  expect(buildScriptProblems(strict, ['a', 'b'])).toEqual([]);
  expect(buildScriptProblems(strict, ['a', 'b', 'c'])).toEqual([
    'c has install scripts: read them, and add it to allowBuilds with true or false',
  ]);
  expect(buildScriptProblems(strict, ['a'])).toEqual(['b has no install scripts: remove it from allowBuilds']);
  expect(buildScriptProblems({ dangerouslyAllowAllBuilds: true }, [])).toEqual([
    'pnpm-workspace.yaml: set strictDepBuilds: true',
    'pnpm-workspace.yaml: remove dangerouslyAllowAllBuilds, and name each package in allowBuilds',
  ]);
});

test('a published package must not run scripts on the machines of its users', () => {
  expect(scriptsOnInstall({ scripts: { prepack: 'tsdown', postinstall: 'x', prepare: 'x' } })).toEqual([
    'postinstall',
    'prepare',
  ]);
});
