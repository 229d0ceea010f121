import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerNode } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { freePorts } from '../free-ports.ts';
import { waitFor } from '../wait-for.ts';
import { locateRedis } from './locate-redis.ts';
import { withRedisClient } from './redis-client.ts';
import { durable, startRedisNode } from './redis-node.ts';

export interface RedisSentinel extends AsyncDisposable {
  /** The name under which clients ask the sentinel for the master. */
  readonly masterName: string;
  /** Monitors both servers, and promotes the replica when the master does not answer for one second. */
  readonly sentinel: BrokerNode;
  /** The server that starts as master. */
  readonly master: BrokerNode;
  readonly replica: BrokerNode;
  /** The port of the current master, according to the sentinel. */
  masterPort(): Promise<number>;
  dispose(): Promise<void>;
}

const masterName = 'main';

/**
 * Starts a Redis server with a replica and a sentinel.
 *
 * @throws {BrokerUnavailableError} if Redis is neither present on this machine nor installable
 */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const program = await locateRedis();
  const folder = await BrokerFolder.create('redis-sentinel');
  const [masterPort = 0, replicaPort = 0, sentinelPort = 0] = await freePorts(3);
  const dispose = (): Promise<void> => folder.remove();
  try {
    const master = await startRedisNode(program, folder.path, 'master', masterPort, durable);
    const replicaOf = ['--replicaof', '127.0.0.1', `${masterPort}`];
    const replica = await startRedisNode(program, folder.path, 'replica', replicaPort, [...durable, ...replicaOf]);
    await waitFor('the replica', () =>
      withRedisClient({ port: masterPort }, async (redis) =>
        (await redis.info('replication')).includes('state=online'),
      ),
    );
    // A sentinel stores its state in its configuration file.
    const configuration = join(folder.path, 'sentinel.conf');
    writeFileSync(
      configuration,
      [
        `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
        `sentinel down-after-milliseconds ${masterName} 1000`,
        `sentinel failover-timeout ${masterName} 5000`,
        '',
      ].join('\n'),
    );
    const sentinel = await startRedisNode(program, folder.path, 'sentinel', sentinelPort, [
      configuration,
      '--sentinel',
    ]);
    await waitFor('the sentinel to find the replica', () =>
      withRedisClient({ port: sentinelPort }, async (redis) =>
        String(await redis.call('SENTINEL', 'REPLICAS', masterName)).includes(`${replicaPort}`),
      ),
    );
    return {
      ...{ masterName, sentinel, master, replica, dispose },
      masterPort: () =>
        withRedisClient({ port: sentinelPort }, async (redis) => {
          const [, port] = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)) as [string, string];
          return Number(port);
        }),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
