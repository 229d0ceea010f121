import { openFaultPath, startRedis } from '@slack-mcp/brokers';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import { Redis } from 'ioredis';
import { RedisBackend, type RedisBackendOptions } from '../src/index.ts';
import { REFUSABLE, refuseWrites, takeWrites } from './refused-writes.ts';

/** Short, so that the messages of a killed consumer are soon available to others. */
const LEASE_MS = 2_000;

/** The harness with which the conformance suite runs the Redis backend, with its own Redis behind a proxy. */
export async function createHarness(options: { brokerVersion?: string | undefined } = {}): Promise<ConformanceHarness> {
  const broker = await startRedis({ appendfsync: 'always', args: REFUSABLE, version: options.brokerVersion });
  const path = await openFaultPath(broker);
  const admin = new Redis(broker.url, { maxRetriesPerRequest: null });
  admin.on('error', () => {});
  const url = `redis://127.0.0.1:${path.proxy.port}`;
  const settings = (namespace: string): RedisBackendOptions => ({ url, prefix: `${namespace}:`, leaseMs: LEASE_MS });
  const wipe = async (namespace: string): Promise<void> => {
    const keys = await keysOf(admin, namespace);
    if (keys.length > 0) await admin.del(...keys);
  };
  return {
    name: 'redis',
    Backend: RedisBackend,
    capabilities: new RedisBackend({ url }).capabilities,
    overrides: ['maxBacklog', 'maxLength', 'leaseMs', 'maxDeliveries', 'timeoutMs', 'credentials'],
    create({ namespace, credentials, ...overrides }) {
      return new RedisBackend({
        ...settings(namespace),
        ...overrides,
        ...(credentials === undefined ? {} : { username: 'nobody', password: 'wrong' }),
      });
    },
    envFor: (namespace, { maxDeliveries } = {}) => ({
      REDIS_URL: url,
      REDIS_PREFIX: `${namespace}:`,
      REDIS_LEASE_MS: String(LEASE_MS),
      ...(maxDeliveries === undefined ? {} : { REDIS_MAX_DELIVERIES: String(maxDeliveries) }),
    }),
    destroy: wipe,
    maxUnconfirmed: 4 * 64,
    invalidEnv: [
      { env: { REDIS_URL: undefined }, variable: 'REDIS_URL' },
      { env: { REDIS_URL: 'http://user:hunter2@localhost' }, variable: 'REDIS_URL', secret: 'hunter2' },
      { env: { REDIS_URL: 'redis://:hunter2@localhost/queue' }, variable: 'REDIS_URL', secret: 'hunter2' },
      { env: { REDIS_TLS: 'maybe' }, variable: 'REDIS_TLS' },
      { env: { REDIS_TIMEOUT_MS: '0' }, variable: 'REDIS_TIMEOUT_MS' },
      { env: { REDIS_PREFIX: '{tag}' }, variable: 'REDIS_PREFIX' },
      { env: { REDIS_MAX_BACKLOG: '0' }, variable: 'REDIS_MAX_BACKLOG' },
      { env: { REDIS_SENTINELS: 'redis://host' }, variable: 'REDIS_SENTINELS' },
      { env: { REDIS_CLUSTER: 'a:1,b:x' }, variable: 'REDIS_CLUSTER' },
    ],
    faults: {
      restartBroker: () => broker.restart(),
      async killBroker() {
        await broker.kill();
        await broker.restart();
      },
      closeConnections: () => broker.closeConnections(),
      wipe,
      writes: { refuse: () => refuseWrites(admin), accept: () => takeWrites(admin) },
      proxy: path.faults,
    },
    inspect: {
      pending: (namespace, group) => sum(admin, namespace, group, ({ pending }) => pending),
      depth: (namespace, group) => sum(admin, namespace, group, ({ pending, lag }) => pending + lag),
      async stored(namespace, key) {
        const entries = await admin.xrangeBuffer(`${namespace}:${key}`, '-', '+');
        return entries.map(([, fields]) => fields[1] as Buffer);
      },
      async objects(namespace) {
        const objects: string[] = [];
        for (const stream of await streamsOf(admin, namespace)) {
          for (const { name } of await groupsOf(admin, stream)) {
            objects.push(`${stream}/${name}`);
            const consumers = (await admin.xinfo('CONSUMERS', stream, name)) as unknown[][];
            objects.push(...consumers.map((row) => `${stream}/${name}/${row[row.indexOf('name') + 1]}`));
          }
        }
        return objects;
      },
      async connections(namespace) {
        const clients = String(await admin.call('CLIENT', 'LIST'));
        return clients.split('\n').filter((line) => line.includes(` name=slack-mcp:${namespace}:`)).length;
      },
    },
    notApplicable: {
      'network.publish-lanes': 'one server stores all keys; a separate test covers the nodes of a cluster',
    },
    spawnConsumer: {
      module: new URL('../src/index.ts', import.meta.url).href,
      execArgv: ['--conditions=@slack-mcp/source'],
    },
    async injectRaw(namespace, key, bytes) {
      await admin.xadd(`${namespace}:${key}`, '*', 'data', Buffer.from(bytes));
    },
    async dispose() {
      admin.disconnect();
      await path.close();
      await broker.dispose();
    },
  };
}

async function keysOf(admin: Redis, namespace: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const batch of admin.scanStream({ match: `*${namespace}:*`, count: 1000 }))
    keys.push(...(batch as string[]));
  return keys;
}

interface GroupState {
  readonly name: string;
  readonly pending: number;
  readonly lag: number;
}

async function groupsOf(admin: Redis, stream: string): Promise<GroupState[]> {
  const rows = (await admin.xinfo('GROUPS', stream)) as unknown[][];
  return Promise.all(
    rows.map(async (row) => {
      const value = (name: string): unknown => row[row.indexOf(name) + 1];
      // Count the lag of the group: Redis reports it only since 7.0, and not always.
      const waiting = await admin.xrange(stream, `(${value('last-delivered-id')}`, '+');
      return { name: String(value('name')), pending: Number(value('pending')), lag: waiting.length };
    }),
  );
}

/** The streams that groups read: one for each key, and one with redriven messages. */
async function streamsOf(admin: Redis, namespace: string): Promise<string[]> {
  const keys = await keysOf(admin, namespace);
  return keys.filter((key) => key.startsWith(`${namespace}:`) || key.includes('}:redrive:')).sort();
}

async function sum(
  admin: Redis,
  namespace: string,
  group: string,
  count: (state: GroupState) => number,
): Promise<number> {
  let total = 0;
  for (const stream of await streamsOf(admin, namespace)) {
    for (const state of await groupsOf(admin, stream)) if (state.name === group) total += count(state);
  }
  return total;
}
