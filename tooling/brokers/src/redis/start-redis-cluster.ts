import type { BrokerNode } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { freePorts } from '../free-ports.ts';
import { waitFor } from '../wait-for.ts';
import { locateRedis } from './locate-redis.ts';
import { withRedisClient } from './redis-client.ts';
import { durable, startRedisNode } from './redis-node.ts';

const shards = 3;
const slots = 16_384;
/** The cluster bus port is the client port plus this offset, which cannot be changed before Redis 7.0. */
const busOffset = 10_000;

export interface RedisCluster extends AsyncDisposable {
  /** One per shard. */
  readonly masters: readonly BrokerNode[];
  /** One per master, in the same order, or empty. */
  readonly replicas: readonly BrokerNode[];
  dispose(): Promise<void>;
}

/**
 * Starts a Redis Cluster of three shards.
 *
 * @param options.replicas whether each master has a replica that takes over when the master dies. Default false.
 * @param options.args additional arguments of each `redis-server`
 * @throws {BrokerUnavailableError} if Redis is neither present on this machine nor installable
 */
export async function startRedisCluster({
  replicas = false,
  args = [],
}: {
  replicas?: boolean;
  args?: readonly string[];
} = {}): Promise<RedisCluster> {
  const program = await locateRedis();
  const folder = await BrokerFolder.create('redis-cluster');
  const count = replicas ? shards * 2 : shards;
  const ports = await freePorts(count, busOffset);
  const dispose = (): Promise<void> => folder.remove();
  try {
    const nodes = await Promise.all(
      ports.map((port, index) =>
        startRedisNode(program, folder.path, `node-${index}`, port, [
          ...durable,
          ...args,
          ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
          // A replica may take over even if it has just lost its connection to the master.
          ...['--cluster-replica-validity-factor', '0'],
        ]),
      ),
    );
    const masters = nodes.slice(0, shards);
    await join(ports);
    await Promise.all(
      nodes.slice(shards).map(({ port }, index) => replicate(port, (masters[index] as BrokerNode).port)),
    );
    await Promise.all(ports.map((port) => waitFor('the cluster', () => isComplete(port, ports.length))));
    return { masters, replicas: nodes.slice(shards), dispose, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Assigns the slots to the first nodes and connects all nodes. */
async function join(ports: readonly number[]): Promise<void> {
  await Promise.all(
    ports.slice(0, shards).map((port, shard) => {
      const from = Math.floor((shard * slots) / shards);
      const to = Math.floor(((shard + 1) * slots) / shards);
      const own = Array.from({ length: to - from }, (_, index) => from + index);
      return withRedisClient({ port }, async (redis) => {
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', shard + 1);
        await redis.call('CLUSTER', 'ADDSLOTS', ...own);
      });
    }),
  );
  await withRedisClient({ port: ports[0] as number }, async (redis) => {
    for (const port of ports) await redis.call('CLUSTER', 'MEET', '127.0.0.1', port);
  });
}

async function replicate(port: number, master: number): Promise<void> {
  const id = String(await withRedisClient({ port: master }, (redis) => redis.call('CLUSTER', 'MYID')));
  await withRedisClient({ port }, (redis) =>
    waitFor('the replica to know its master', async () => (await redis.call('CLUSTER', 'REPLICATE', id)) === 'OK'),
  );
}

async function isComplete(port: number, nodes: number): Promise<boolean> {
  return withRedisClient({ port }, async (redis) => {
    const info = String(await redis.call('CLUSTER', 'INFO'));
    if (!info.includes('cluster_state:ok') || !info.includes(`cluster_known_nodes:${nodes}`)) return false;
    const replication = await redis.info('replication');
    return replication.includes('role:master') || replication.includes('master_link_status:up');
  });
}
