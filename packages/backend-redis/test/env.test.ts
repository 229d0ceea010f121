import { readFileSync } from 'node:fs';
import { type ConfigurationError, isBackendPlugin, isQueueBackend } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import plugin, { RedisBackend, type RedisBackendOptions } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';

const url = 'redis://localhost:6379';

test('the default export is the manifest of the backend that package.json declares', () => {
  expect(isBackendPlugin(plugin)).toBe(true);
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest['slack-mcp']).toEqual({ queueBackend: plugin.name, apiVersion: plugin.apiVersion });
  expect(Object.keys(manifest.exports)).toContain(plugin.taskQueue);
});

test('REDIS_URL is enough, and has no silent default', () => {
  expect(isQueueBackend(RedisBackend.fromEnv({ REDIS_URL: url }))).toBe(true);
  expect(() => RedisBackend.fromEnv({})).toThrow(/REDIS_URL is not set \(for example REDIS_URL=redis:/);
});

test('the endpoint is without credentials', () => {
  expect(RedisBackend.fromEnv({ REDIS_URL: 'rediss://user:hunter2@redis.internal:6380/2' }).endpoint).toBe(
    'rediss://redis.internal:6380/2',
  );
  expect(RedisBackend.fromEnv({ REDIS_SENTINELS: 'a:1, b' }).endpoint).toBe('a:1,b:26379');
  expect(RedisBackend.fromEnv({ REDIS_CLUSTER: '[::1]:7000,b' }).endpoint).toBe('::1:7000,b:6379');
});

test('credentials, TLS and database come from the URL, and from options or variables instead', () => {
  const parsed = resolveOptions({ url: 'rediss://us%40er:p%2Fss@[::1]/7' });
  expect(parsed).toMatchObject({
    host: '::1',
    port: 6379,
    username: 'us@er',
    password: 'p/ss',
    database: 7,
    tls: true,
  });
  const given = resolveOptions({ url: `${url}/1`, username: 'a', password: 'b', tlsCa: '/ca.pem' });
  expect(given).toMatchObject({ username: 'a', password: 'b', database: 1, tls: true, tlsCa: '/ca.pem' });
  expect(resolveOptions({ url, tls: false, tlsCa: '/ca.pem' }).tls).toBe(false);
});

test.each<[RedisBackendOptions, RegExp]>([
  [{}, /url is not set/],
  [{ url: 'http://localhost' }, /redis:\/\/ or rediss:/],
  [{ url: 'redis://localhost/queue' }, /number of a database/],
  [{ url: 'redis://:%zz@localhost' }, /percent-encoded/],
  [{ url, prefix: '{tag}' }, /prefix/],
  [{ url, keys: [] }, /keys is empty/],
  [{ url, keys: ['not a key'] }, /not a key/],
  [{ url, groups: ['not a group'] }, /not a group/],
  [{ url, leaseMs: 5 }, /leaseMs/],
  [{ url, maxBacklog: 0 }, /maxBacklog/],
  [{ url, timeoutMs: 2 ** 31 }, /timeoutMs/],
  [{ url, cluster: [] }, /list of nodes is empty/],
  [{ url: `${url}/1`, cluster: true }, /database 0/],
  [{ sentinels: [{ host: 'a', port: 1 }], cluster: [{ host: 'b', port: 1 }] }, /exclude each other/],
])('refuses %j', (options, says) => {
  expect(() => new RedisBackend(options)).toThrow(says);
});

test.each<[Record<string, string>, string]>([
  [{ REDIS_URL: 'redis://:hunter2@host/x' }, 'REDIS_URL'],
  [{ REDIS_URL: url, REDIS_TLS: 'perhaps' }, 'REDIS_TLS'],
  [{ REDIS_URL: url, REDIS_LEASE_MS: '1' }, 'REDIS_LEASE_MS'],
  [{ REDIS_URL: url, REDIS_RETENTION: '-1' }, 'REDIS_RETENTION'],
  [{ REDIS_URL: url, REDIS_PREFIX: 'a b' }, 'REDIS_PREFIX'],
  [{ REDIS_SENTINELS: 'user@host:1' }, 'REDIS_SENTINELS'],
  [{ REDIS_SENTINELS: 'a:1', REDIS_CLUSTER: 'b:1' }, 'REDIS_CLUSTER'],
  [{ REDIS_CLUSTER: 'true' }, 'REDIS_URL'],
])('refuses the environment %j and names %s', (env, variable) => {
  let error: ConfigurationError | undefined;
  try {
    RedisBackend.fromEnv(env);
  } catch (thrown) {
    error = thrown as ConfigurationError;
  }
  expect(error).toMatchObject({ code: 'ERR_QUEUE_CONFIG', message: expect.stringContaining(variable) });
  expect(error?.message).not.toContain('hunter2');
});
