import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isBackendPlugin, loadBackend } from '@slack-mcp/core';
import plugin from '../src/index.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

test('package.json and the manifest have the same name and API version', () => {
  assert.ok(isBackendPlugin(plugin));
  assert.deepEqual(manifest['slack-mcp'], { queueBackend: plugin.name, apiVersion: plugin.apiVersion });
});

test('the loader creates the backend', async () => {
  const { backend } = await loadBackend({ plugin, env: { ACME_PREFIX: 'loading' } });
  await using queue = backend;
  assert.equal(queue.name, plugin.name);
  assert.equal((await queue.health()).status, 'up');
});
