import type { BrokerNode } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { freePorts } from '../free-ports.ts';
import { waitFor } from '../wait-for.ts';
import { locateRedis } from './locate-redis.ts';
import { withRedisClient } from './redis-client.ts';
import { durable, startRedisNode } from './redis-node.ts';

const shards = 3;
const slots = 16_384;
/** By so much the port on which a node speaks to the others is higher, and before Redis 7.0 nothing can change that. */
const busOffset = 10_000;

export interface RedisCluster extends AsyncDisposable {
  /** One a shard. */
  readonly masters: readonly BrokerNode[];
  /** One a master in the same order, or none. */
  readonly replicas: readonly BrokerNode[];
  dispose(): Promise<void>;
}

/**
 * Starts a Redis Cluster of three shards.
 *
 * @param options.replicas whether each master has a replica that takes over when it dies. Default false.
 * @throws {BrokerUnavailableError} when there is no Redis on this machine and none can be installed.
 */
export async function startRedisCluster({ replicas = false }: { replicas?: boolean } = {}): Promise<RedisCluster> {
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
          ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
          // A replica whose link was just lost may still take over.
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

/** Gives the slots to the first nodes and lets all nodes know each other. */
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
