import { readFileSync } from 'node:fs';
import { ConfigurationError, isBackendPlugin, isQueueBackend } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import plugin, { MemoryBackend, type MemoryBackendOptions } from '../src/index.ts';
import { drain, publish } from './fresh-backend.ts';

const packageFile = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('exports the manifest of the backend that package.json declares', () => {
  expect(isBackendPlugin(plugin)).toBe(true);
  expect(plugin.Backend).toBe(MemoryBackend);
  const declared = JSON.parse(packageFile('package.json'))['slack-mcp'];
  expect(declared).toEqual({ queueBackend: plugin.name, apiVersion: plugin.apiVersion });
});

test('applies the defaults for an empty environment', () => {
  const backend = MemoryBackend.fromEnv({});
  expect(isQueueBackend(backend)).toBe(true);
  expect(backend.capabilities).toEqual(new MemoryBackend().capabilities);
  expect(backend.capabilities).toEqual({
    scope: 'process',
    persistent: false,
    ordering: 'single-consumer',
    idempotentPublish: true,
    retainsWithoutGroup: true,
    patterns: false,
    retryCount: 'exact',
    settlement: 'individual',
    maxPayloadBytes: 16_777_216,
  });
});

test('reads name, keys, groups and limits from the environment', async () => {
  const env = { MEMORY_NAME: 'from-env', QUEUE_KEYS: 'a,b', QUEUE_GROUPS: 'workers' };
  await using backend = MemoryBackend.fromEnv({ ...env, MEMORY_MAX_LENGTH: '2', MEMORY_MAX_BACKLOG: '3' });
  await using same = new MemoryBackend({ name: 'from-env', keys: ['a', 'b'] });
  await publish(backend, [1], 'a');
  await publish(backend, [2, 3, 4], 'b');
  await expect(publish(backend, [5], 'b')).rejects.toThrow('the key b is full');
  expect((await drain(same.consume({ group: 'workers' }), 4)).toSorted()).toEqual([1, 2, 3, 4]);
  expect((await backend.health()).detail['retained']).toBe(3);
});

test.each([
  ['MEMORY_MAX_LENGTH', '-1'],
  ['MEMORY_MAX_LENGTH', 'many'],
  ['MEMORY_MAX_BACKLOG', '0'],
  ['QUEUE_KEYS', 'a b'],
  ['QUEUE_GROUPS', 'a/b'],
  ['SLACK_EVENTS_TOPIC', '#'],
])('rejects a malformed %s and names it: %s', (variable, value) => {
  const read = () => MemoryBackend.fromEnv({ [variable]: value });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(variable);
});

test.each<[string, object]>([
  ['name', { name: '' }],
  ['keys', { keys: [] }],
  ['key', { keys: ['a b'] }],
  ['group', { groups: [''] }],
  ['maxLength', { maxLength: -1 }],
  ['maxBacklog', { maxBacklog: 0 }],
  ['maxPayloadBytes', { maxPayloadBytes: 1.5 }],
])('rejects a malformed option %s: %j', (name, options) => {
  const construct = () => new MemoryBackend(options as MemoryBackendOptions);
  expect(construct).toThrow(ConfigurationError);
  expect(construct).toThrow(name);
});
