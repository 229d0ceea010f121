import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerNode, BrokerSource } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { BrokerProcess } from '../broker-process.ts';
import { createFaultProxy, type FaultProxy } from '../fault-proxy.ts';
import { freePorts } from '../free-ports.ts';
import { waitFor } from '../wait-for.ts';
import { locateRabbitMQ } from './locate-rabbitmq.ts';
import { RabbitMQManagement } from './rabbitmq-management.ts';
import { nodeNameOf, setUpRabbitMQNode, startPortMapper } from './rabbitmq-node.ts';

export interface StartRabbitMQClusterOptions {
  /** See {@link StartOptions.version}. */
  version?: string | undefined;
  /** Number of nodes. Default 3. */
  nodes?: number;
  /** Lines for `rabbitmq.conf` of each node. */
  configuration?: readonly string[];
  /** Seconds of silence (± 25 %) after which other nodes consider a node down. Default 6. */
  netTickSeconds?: number;
}

/** A node of a RabbitMQ cluster, behind a proxy. Nodes connect to each other without the proxies. */
export interface RabbitMQClusterNode extends BrokerNode {
  /** The name that other nodes use for it. */
  readonly nodeName: string;
  readonly proxy: FaultProxy;
  readonly management: RabbitMQManagement;
  /** Runs `rabbitmqctl` for this node and resolves to its output. */
  ctl(...args: string[]): Promise<string>;
  /** Evaluates Erlang expressions inside the node and resolves to the value of the last one. */
  evaluate(expressions: string): Promise<string>;
}

export interface RabbitMQCluster extends AsyncDisposable {
  readonly source: BrokerSource;
  readonly version: string;
  readonly nodes: readonly RabbitMQClusterNode[];
  /** The URL of each node, through its proxy. */
  readonly urls: readonly string[];
  /** The node with the leader of a quorum queue, or with a classic queue. */
  nodeOf(queue: string, virtualHost?: string): Promise<RabbitMQClusterNode>;
  /** Resolves when no responsive node considers `node` running. */
  untilMissed(node: RabbitMQClusterNode): Promise<void>;
  /** Resolves when all nodes see each other and all members of all quorum queues are online. */
  untilWhole(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Starts a RabbitMQ cluster on loopback. The other nodes consider a paused node down after the net tick. This is a
 * partition, which `resume` heals (`cluster_partition_handling = autoheal`).
 *
 * @throws {BrokerUnavailableError} if RabbitMQ is neither present on this machine nor installable
 */
export async function startRabbitMQCluster(options: StartRabbitMQClusterOptions = {}): Promise<RabbitMQCluster> {
  const { version: wanted, nodes: count = 3, configuration = [], netTickSeconds = 6 } = options;
  const { source, ...program } = await locateRabbitMQ(wanted);
  const folder = await BrokerFolder.create('rabbitmq-cluster');
  const proxies: FaultProxy[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await folder.remove();
  };
  try {
    const [epmdPort = 0, ...ports] = await freePorts(1 + count);
    const managementPorts = await freePorts(count);
    const distributionPorts = await freePorts(count);
    for (const port of ports) proxies.push(await createFaultProxy({ target: { port } }));
    writeCookie(folder.path);
    const peers = ports.map((port, index) => nodeNameOf(`rabbitmq-${index + 1}`, port));
    const starting: Promise<RabbitMQClusterNode>[] = [];
    for (const [index, port] of ports.entries()) {
      const name = `rabbitmq-${index + 1}`;
      const managementPort = managementPorts[index] as number;
      const node = await setUpRabbitMQNode({
        ...{ program, folder: folder.path, name, port, managementPort, epmdPort },
        distributionPort: distributionPorts[index] as number,
        configuration: [...membership(peers), ...configuration],
        erlangArguments: `-kernel net_ticktime ${netTickSeconds}`,
      });
      if (index === 0) await startPortMapper(program, folder.path, epmdPort);
      const proxy = proxies[index] as FaultProxy;
      const url = `amqp://guest:guest@127.0.0.1:${proxy.port}`;
      const process = new BrokerProcess({ name, port, url, daemon: node.daemon, probe: () => node.probe() });
      const management = new RabbitMQManagement(`http://127.0.0.1:${managementPort}`);
      const { nodeName } = node;
      const ctl = (...args: string[]): Promise<string> => node.ctl(...args);
      const evaluate = (expressions: string): Promise<string> => node.evaluate(expressions);
      starting.push(process.start().then(() => Object.assign(process, { nodeName, proxy, management, ctl, evaluate })));
    }
    // After a failure, no other node may start in the folder while it is removed.
    await Promise.allSettled(starting);
    const nodes = await Promise.all(starting);
    const cluster = new Cluster(nodes);
    await cluster.untilWhole();
    return {
      ...{ source, version: program.version, nodes, urls: nodes.map(({ url }) => url), dispose },
      nodeOf: (queue, virtualHost) => cluster.nodeOf(queue, virtualHost),
      untilMissed: (node) => cluster.untilMissed(node),
      untilWhole: () => cluster.untilWhole(),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Node = RabbitMQClusterNode & BrokerProcess;

/** The state of a queue in the management API, without statistics. */
interface QueueState {
  /** The leader's node of a quorum queue. */
  readonly leader?: string;
  /** The node of a classic queue. */
  readonly node?: string;
}

/** Asks every member of every quorum queue, because the management API may lag by minutes after a partition. */
const ALL_ONLINE = `lists:all(fun(Q) ->
  amqqueue:get_type(Q) =/= rabbit_quorum_queue orelse begin
    [{members, Members}, {online, Online}] = rabbit_amqqueue:info(Q, [members, online]),
    length(Members) =:= length(Online)
  end
end, rabbit_amqqueue:list())`;

class Cluster {
  readonly #nodes: readonly Node[];

  constructor(nodes: readonly RabbitMQClusterNode[]) {
    this.#nodes = nodes as readonly Node[];
  }

  async nodeOf(queue: string, virtualHost = '/'): Promise<RabbitMQClusterNode> {
    const path = `queues/${encodeURIComponent(virtualHost)}/${encodeURIComponent(queue)}`;
    return waitFor(`the node of ${queue}`, async () => {
      const { leader, node } = (await this.#responsive.management.request('GET', path)) as QueueState;
      return this.#nodes.find(({ nodeName }) => nodeName === (leader ?? node));
    });
  }

  async untilMissed(node: RabbitMQClusterNode): Promise<void> {
    await waitFor(`${node.nodeName} to be missed`, async () => {
      const others = this.#nodes.filter(({ responsive }) => responsive).filter((other) => other !== node);
      const seen = await Promise.all(others.map((other) => running(other)));
      return seen.every((names) => !names.includes(node.nodeName));
    });
  }

  async untilWhole(): Promise<void> {
    const whole = async (): Promise<boolean> => {
      const seen = await Promise.all(this.#nodes.map((node) => running(node)));
      if (!seen.every((names) => names.length === this.#nodes.length)) return false;
      return (await this.#responsive.evaluate(ALL_ONLINE)) === 'true';
    };
    await waitFor('the cluster to be whole', whole, { timeoutMs: 300_000, intervalMs: 200 });
  }

  get #responsive(): Node {
    const node = this.#nodes.find(({ responsive }) => responsive);
    if (node === undefined) throw new Error('No node of the cluster runs.');
    return node;
  }
}

/** The nodes that a node considers running. */
async function running(node: RabbitMQClusterNode): Promise<string[]> {
  const nodes = (await node.management.request('GET', 'nodes')) as { name: string; running: boolean }[];
  return nodes.filter((each) => each.running).map(({ name }) => name);
}

function membership(nodeNames: readonly string[]): string[] {
  return [
    'cluster_formation.peer_discovery_backend = classic_config',
    ...nodeNames.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`),
    // Before 4.3, only this setting ends a partition automatically. Later versions do not need it.
    'cluster_partition_handling = autoheal',
  ];
}

/** Nodes with the same cookie trust each other. Erlang requires this file mode. */
function writeCookie(folder: string): void {
  const file = join(folder, '.erlang.cookie');
  writeFileSync(file, randomBytes(16).toString('hex'));
  chmodSync(file, 0o400);
}
