import { readFileSync } from 'node:fs';
import { isBackendPlugin, isQueueBackend } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import plugin, { KafkaBackend, type KafkaBackendOptions } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';

const KAFKA_BOOTSTRAP_SERVERS = 'broker-1:9093, broker-2';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n';

test('exports the manifest that package.json declares by default', () => {
  expect(isBackendPlugin(plugin)).toBe(true);
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest['slack-mcp']).toEqual({ queueBackend: plugin.name, apiVersion: plugin.apiVersion });
});

test('requires KAFKA_BOOTSTRAP_SERVERS and nothing else', () => {
  expect(isQueueBackend(KafkaBackend.fromEnv({ KAFKA_BOOTSTRAP_SERVERS }))).toBe(true);
  expect(() => KafkaBackend.fromEnv({})).toThrow(/KAFKA_BOOTSTRAP_SERVERS is not set \(for example KAFKA_BOOTSTRAP/);
});

test('shows the addresses of the brokers without credentials', () => {
  const env = { KAFKA_BOOTSTRAP_SERVERS, KAFKA_USERNAME: 'app', KAFKA_PASSWORD: 'hunter2' };
  expect(KafkaBackend.fromEnv(env).endpoint).toBe('broker-1:9093,broker-2:9092');
});

test('logs in with the mechanism that fits what is set', () => {
  const brokers = ['localhost'];
  const credentials = { username: 'app', password: 'secret' };
  expect(resolveOptions({ brokers }).sasl).toBeUndefined();
  expect(resolveOptions({ brokers, ...credentials }).sasl).toEqual({ mechanism: 'plain', ...credentials });
  expect(resolveOptions({ brokers, ...credentials, mechanism: 'scram-sha-512' }).sasl?.mechanism).toBe('scram-sha-512');
  expect(resolveOptions({ brokers, oauthToken: async () => 'token' }).sasl?.mechanism).toBe('oauthbearer');
});

test('uses TLS if a certificate is set, unless it is turned off', () => {
  const brokers = ['localhost'];
  expect(resolveOptions({ brokers }).ssl).toBeUndefined();
  expect(resolveOptions({ brokers, tls: true }).ssl).toEqual({});
  expect(resolveOptions({ brokers, tlsCa: CERTIFICATE }).ssl).toEqual({ ca: CERTIFICATE });
  expect(resolveOptions({ brokers, tlsCert: CERTIFICATE, tlsKey: KEY }).ssl).toEqual({ cert: CERTIFICATE, key: KEY });
  expect(resolveOptions({ brokers, tls: false, tlsCa: CERTIFICATE }).ssl).toBeUndefined();
});

test.for<[Record<string, unknown>, RegExp]>([
  [{ brokers: [] }, /^brokers is empty/],
  [{ brokers: ['kafka://a'] }, /^brokers contains an item that is not host:port/],
  [{ brokers: ['a'], prefix: 'a:' }, /^prefix is "a:"/],
  [{ brokers: ['a'], partitions: 0 }, /^partitions is 0/],
  [{ brokers: ['a'], replicas: 0 }, /^replicas is 0/],
  [{ brokers: ['a'], leaseMs: 1 }, /^leaseMs is 1/],
  [{ brokers: ['a'], mechanism: 'gssapi' }, /^mechanism is "gssapi"/],
  [{ brokers: ['a'], mechanism: 'plain' }, /^mechanism plain requires username and password/],
  [{ brokers: ['a'], mechanism: 'oauthbearer' }, /^mechanism oauthbearer requires oauthToken/],
  [{ brokers: ['a'], tlsCert: CERTIFICATE }, /^tlsCert and tlsKey belong together/],
  [{ brokers: ['a'], tlsCert: CERTIFICATE, tlsKey: 'hunter2' }, /^tlsKey names a file that cannot be read/],
])('refuses %o', ([options, message]) => {
  const create = (): unknown => new KafkaBackend(options as unknown as KafkaBackendOptions);
  expect(create).toThrow(message);
  expect(create).not.toThrow(/hunter2/);
});
