import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigurationError, isBackendPlugin, isQueueBackend } from '@slack-mcp/core';
import { expect, onTestFinished, test } from 'vitest';
import plugin, { RedisBackend, type RedisBackendOptions } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';
import { RedisTaskStore } from '../src/task-queue/index.ts';

const url = 'redis://localhost:6379';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

test('exports the manifest that package.json declares by default', () => {
  expect(isBackendPlugin(plugin)).toBe(true);
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest['slack-mcp']).toEqual({ queueBackend: plugin.name, apiVersion: plugin.apiVersion });
  expect(Object.keys(manifest.exports)).toEqual(expect.arrayContaining([plugin.taskQueue, plugin.dedupeStore]));
});

test('requires REDIS_URL and nothing else', () => {
  expect(isQueueBackend(RedisBackend.fromEnv({ REDIS_URL: url }))).toBe(true);
  expect(() => RedisBackend.fromEnv({})).toThrow(/REDIS_URL is not set \(for example REDIS_URL=redis:/);
});

test('omits credentials from the endpoint', () => {
  expect(RedisBackend.fromEnv({ REDIS_URL: 'rediss://user:hunter2@redis.internal:6380/2' }).endpoint).toBe(
    'rediss://redis.internal:6380/2',
  );
  expect(RedisBackend.fromEnv({ REDIS_SENTINELS: 'a:1, b' }).endpoint).toBe('a:1,b:26379');
  expect(RedisBackend.fromEnv({ REDIS_CLUSTER: '[::1]:7000,b' }).endpoint).toBe('::1:7000,b:6379');
});

test('reads credentials, TLS and database from the URL, and lets options and variables override them', () => {
  const parsed = resolveOptions({ url: 'rediss://us%40er:p%2Fss@[::1]/7' });
  expect(parsed).toMatchObject({
    host: '::1',
    port: 6379,
    username: 'us@er',
    password: 'p/ss',
    database: 7,
    tls: true,
  });
  const given = resolveOptions({ url: `${url}/1`, username: 'a', password: 'b', tlsCa: PEM });
  expect(given).toMatchObject({ username: 'a', password: 'b', database: 1, tls: true, tlsCa: PEM });
  expect(resolveOptions({ url, tls: false, tlsCa: PEM }).tls).toBe(false);
});

test('reads the CA certificate at the start, from a file or as text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slack-mcp-ca-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [file, other] = [join(folder, 'ca.pem'), join(folder, 'other.pem')];
  await writeFile(file, PEM);
  await writeFile(other, '-----BEGIN PRIVATE KEY-----\nhunter2\n');
  expect(resolveOptions({ url, tlsCa: file }).tlsCa).toBe(PEM);
  const start = (ca: string) => () => RedisBackend.fromEnv({ REDIS_URL: url, REDIS_TLS_CA: ca });
  expect(start(file)).not.toThrow();
  expect(start('/no/such/file.pem')).toThrow(/REDIS_TLS_CA .*\(ENOENT\): \/no\/such\/file\.pem/);
  expect(start(other)).toThrow(`REDIS_TLS_CA names a file without a PEM certificate: ${other}`);
  expect(start('-----BEGIN PRIVATE KEY-----\nhunter2')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
  expect(() => RedisTaskStore.fromEnv({ REDIS_URL: url, REDIS_TLS_CA: other })).toThrow(/REDIS_TLS_CA/);
});

test.each<[RedisBackendOptions, RegExp]>([
  [{}, /url is not set/],
  [{ url: 'http://localhost' }, /redis:\/\/ or rediss:/],
  [{ url: 'redis://localhost/queue' }, /not a database number/],
  [{ url: 'redis://:%zz@localhost' }, /percent-encoded/],
  [{ url: `${url}?password=hunter2` }, /url has a query.*write \? as %3F/],
  [{ url, tlsCa: '/no/such/file.pem' }, /tlsCa names a file/],
  [{ url, prefix: '{tag}' }, /prefix/],
  [{ url, keys: [] }, /keys is empty/],
  [{ url, keys: ['not a key'] }, /not a key/],
  [{ url, groups: ['not a group'] }, /not a group/],
  [{ url, leaseMs: 5 }, /leaseMs/],
  [{ url, maxBacklog: 0 }, /maxBacklog/],
  [{ url, timeoutMs: 2 ** 31 }, /timeoutMs/],
  [{ url, cluster: [] }, /cluster is an empty list/],
  [{ url: `${url}/1`, cluster: true }, /database 0/],
  [{ sentinels: [{ host: 'a', port: 1 }], cluster: [{ host: 'b', port: 1 }] }, /sentinels and cluster are both set/],
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
  [{ REDIS_SENTINELS: 'host:0' }, 'REDIS_SENTINELS'],
  [{ REDIS_SENTINELS: 'a:1', REDIS_CLUSTER: 'b:1' }, 'REDIS_CLUSTER'],
  [{ REDIS_SENTINELS: 'a:1', REDIS_URL: url, REDIS_CLUSTER: 'true' }, 'REDIS_CLUSTER'],
  [{ REDIS_CLUSTER: 'true' }, 'REDIS_URL'],
  [
    { REDIS_CLUSTER: 'true', REDIS_URL: 'redis://:hunter2@host/2' },
    'REDIS_URL names a database, but a cluster supports only database 0',
  ],
  [
    { REDIS_CLUSTER: 'a:1', REDIS_URL: 'redis://:hunter2@host/2' },
    'REDIS_URL names a database, but a cluster supports only database 0',
  ],
  [{ REDIS_URL: 'redis://:hunter2%zz@host' }, 'REDIS_URL has credentials that are not percent-encoded'],
  [{ REDIS_URL: 'redis://host?password=hunter2' }, 'REDIS_URL has a query'],
  [{ REDIS_URL: 'redis://host/0#hunter2' }, 'REDIS_URL has a query or a fragment'],
])('rejects the environment %j and names %s', (env, variable) => {
  let error: ConfigurationError | undefined;
  try {
    RedisBackend.fromEnv(env);
  } catch (thrown) {
    error = thrown as ConfigurationError;
  }
  expect(error).toMatchObject({ code: 'ERR_QUEUE_CONFIG', message: expect.stringContaining(variable) });
  expect(error?.message).not.toContain('hunter2');
});
