import { Cluster, type Redis } from 'ioredis';

/** One entry of `CLUSTER SLOTS`: first slot, last slot, then the nodes, the master first. */
type SlotRange = [first: number, last: number, ...nodes: [host: string | null, port: number, ...rest: unknown[]][]];
type Callback = (error: Error | null | undefined, result?: SlotRange[]) => void;

/** The method of the client that asks a node for the slots of the cluster. */
interface Discovery {
  getInfoFromNode(redis: Redis | undefined, callback: (error?: Error) => void): void;
}

/**
 * Creates a cluster client that also reaches clusters with `cluster-preferred-endpoint-type unknown-endpoint`. A
 * cluster with this setting announces its nodes without hosts: every node is then at the host that answered. The client
 * library alone would skip nodes without hosts.
 */
export function createClusterClient(...args: ConstructorParameters<typeof Cluster>): Cluster {
  const cluster = new Cluster(...args);
  const discovery = cluster as unknown as Discovery;
  const inherited = discovery.getInfoFromNode;
  discovery.getInfoFromNode = (redis, callback) => inherited.call(cluster, redis && namingHosts(redis), callback);
  return cluster;
}

/** Wraps a connection so that its duplicates add the missing hosts to the reply of `CLUSTER SLOTS`. */
function namingHosts(redis: Redis): Redis {
  const duplicate = (override?: Parameters<Redis['duplicate']>[0]): Redis => {
    const copy = redis.duplicate(override);
    const ask = copy.cluster.bind(copy) as (subcommand: string, callback: Callback) => Promise<unknown>;
    const cluster = (subcommand: string, callback: Callback): Promise<unknown> =>
      ask(subcommand, (error, result) => callback(error, result && withHost(result, copy.options.host ?? '')));
    return Object.assign(copy, { cluster });
  };
  return new Proxy(redis, {
    get: (target, name) => (name === 'duplicate' ? duplicate : Reflect.get(target, name)),
  });
}

function withHost(ranges: SlotRange[], host: string): SlotRange[] {
  return ranges.map(([first, last, ...nodes]) => [
    first,
    last,
    ...nodes.map(([name, ...rest]): SlotRange[2] => [
      name === null || name === '' || name === '?' ? host : name,
      ...rest,
    ]),
  ]);
}
