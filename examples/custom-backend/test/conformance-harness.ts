import type { ConformanceHarness } from '@slack-mcp/conformance';
import pg from 'pg';
import { PostgresBackend, type PostgresBackendOptions } from '../src/index.ts';
import { SCHEMA } from '../src/schema.ts';
import { TcpFaultProxy } from './fault-proxy.ts';
import type { PostgresServer } from './postgres-server.ts';

/** Short, so that the messages of a killed consumer are soon available to others. */
const LEASE_MS = 5_000;

/** The harness with which the conformance suite runs the backend on a real PostgreSQL behind a proxy. */
export async function createHarness(server: PostgresServer, leaseMs = LEASE_MS): Promise<ConformanceHarness> {
  const proxy = await TcpFaultProxy.start(server.port);
  const url = server.url(proxy.port);
  const admin = new pg.Pool({
    connectionString: server.url(),
    max: 2,
    options: '-c default_transaction_read_only=off',
  });
  admin.on('error', () => {});
  await admin.query(SCHEMA);
  const settings = (prefix: string): PostgresBackendOptions => ({ url, prefix, leaseMs, pollMs: 20 });
  const numberOf = async (text: string, values: unknown[]): Promise<number> =>
    Number((await admin.query(text, values)).rows[0].count);
  const wipe = async (namespace: string): Promise<void> => {
    for (const table of ['groups', 'published', 'messages']) {
      await admin.query(`DELETE FROM slack_mcp_${table} WHERE space = $1`, [namespace]);
    }
  };
  const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
    await admin.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await admin.query('SELECT pg_reload_conf()');
  };
  return {
    name: 'postgres',
    Backend: PostgresBackend,
    capabilities: new PostgresBackend({ url }).capabilities,
    overrides: ['leaseMs', 'maxDeliveries', 'timeoutMs', 'credentials'],
    create({ namespace, credentials, ...overrides }) {
      const address = credentials === undefined ? url : url.replace(':secret@', ':wrong@');
      return new PostgresBackend({ ...settings(namespace), ...overrides, url: address });
    },
    envFor: (namespace, { maxDeliveries } = {}) => ({
      POSTGRES_URL: url,
      POSTGRES_PREFIX: namespace,
      POSTGRES_LEASE_MS: String(leaseMs),
      POSTGRES_POLL_MS: '20',
      ...(maxDeliveries === undefined ? {} : { POSTGRES_MAX_DELIVERIES: String(maxDeliveries) }),
    }),
    destroy: wipe,
    maxUnconfirmed: 64,
    invalidEnv: [
      { env: { POSTGRES_URL: 'http://user:hunter2@localhost' }, variable: 'POSTGRES_URL', secret: 'hunter2' },
      { env: { POSTGRES_LEASE_MS: '0' }, variable: 'POSTGRES_LEASE_MS' },
      { env: { POSTGRES_TIMEOUT_MS: '0' }, variable: 'POSTGRES_TIMEOUT_MS' },
    ],
    faults: {
      async restartBroker() {
        await server.stop('fast');
        await server.run();
      },
      async killBroker() {
        await server.stop('immediate');
        await server.run();
      },
      async closeConnections() {
        await admin.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'slack-mcp:%'",
        );
      },
      writes: { refuse: () => setReadOnly('on'), accept: () => setReadOnly('off') },
      proxy,
    },
    inspect: {
      pending: (namespace, group) =>
        numberOf('SELECT count(*) FROM slack_mcp_messages WHERE space = $1 AND name = $2 AND owner IS NOT NULL', [
          ...[namespace, group],
        ]),
      depth: (namespace, group) =>
        numberOf('SELECT count(*) FROM slack_mcp_messages WHERE space = $1 AND name = $2 AND parked IS NULL', [
          ...[namespace, group],
        ]),
      async objects(namespace) {
        const { rows } = await admin.query('SELECT name, key FROM slack_mcp_groups WHERE space = $1', [namespace]);
        return rows.map(({ name, key }) => `${key}/${name}`);
      },
      connections: (namespace) =>
        numberOf('SELECT count(*) FROM pg_stat_activity WHERE application_name = $1', [
          `slack-mcp:${namespace}`.slice(0, 63),
        ]),
    },
    spawnConsumer: {
      module: new URL('../src/index.ts', import.meta.url).href,
      execArgv: ['--conditions=@slack-mcp/source'],
    },
    async injectRaw(namespace, key, bytes) {
      const groups =
        'SELECT space, name, key, $3::bytea, $4::bytea FROM slack_mcp_groups WHERE space = $1 AND key = $2';
      const text = `INSERT INTO slack_mcp_messages (space, name, key, message_id, body) ${groups}`;
      await admin.query(text, [namespace, key, Buffer.from('raw'), Buffer.from(bytes)]);
    },
    async dispose() {
      await admin.end();
      await proxy.close();
      await server.dispose();
    },
  };
}
