import type { Admin } from 'kafkajs';
import type { BrokerNode, BrokerSource } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { BrokerProcess } from '../broker-process.ts';
import { createFaultProxy, type FaultProxy } from '../fault-proxy.ts';
import { freePorts } from '../free-ports.ts';
import { waitFor } from '../wait-for.ts';
import { wipeKafka, withKafkaAdmin } from './kafka-admin.ts';
import { newClusterId, setUpKafkaNode } from './kafka-node.ts';
import { prepareKafka } from './prepare-kafka.ts';

export interface StartKafkaClusterOptions {
  /** See {@link StartOptions.version}. */
  version?: string | undefined;
  /** Number of nodes. Each is broker and controller, so a majority of them must run. Default 3. */
  nodes?: number;
  /** Additional lines for `server.properties` of each node. Default replication is 3 with `min.insync.replicas=2`. */
  properties?: readonly string[];
}

/** A broker of a Kafka cluster, behind a proxy whose address it advertises. */
export interface KafkaClusterNode extends BrokerNode {
  /** `node.id`, starting at 1. */
  readonly nodeId: number;
  readonly proxy: FaultProxy;
}

export interface KafkaCluster extends AsyncDisposable {
  readonly source: BrokerSource;
  readonly version: string;
  readonly nodes: readonly KafkaClusterNode[];
  /** Bootstrap servers, through the proxies. */
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** The node that leads a partition (default 0) of a topic. */
  leaderOf(topic: string, partition?: number): Promise<KafkaClusterNode>;
  /** The node that coordinates a group. */
  coordinatorOf(groupId: string): Promise<KafkaClusterNode>;
  /** Resolves when every replica of every partition is in sync. */
  untilInSync(): Promise<void>;
  /** Deletes all topics, and all groups without members. */
  wipe(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Starts a Kafka cluster on loopback, each node behind a fault proxy.
 *
 * @throws {BrokerUnavailableError} if Kafka is neither present on this machine nor downloadable
 */
export async function startKafkaCluster(options: StartKafkaClusterOptions = {}): Promise<KafkaCluster> {
  const { version: wanted, nodes: count = 3, properties = [] } = options;
  const { source, ...program } = await prepareKafka(wanted);
  const folder = await BrokerFolder.create('kafka-cluster');
  const proxies: FaultProxy[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await folder.remove();
  };
  try {
    const ports = await freePorts(count);
    const harnessPorts = await freePorts(count);
    const controllerPorts = await freePorts(count);
    for (const port of ports) proxies.push(await createFaultProxy({ target: { port } }));
    const voters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',');
    const replicas = Math.min(3, count);
    const clusterId = newClusterId();
    const processes: BrokerProcess[] = [];
    const starting = ports.map(async (port, index): Promise<KafkaClusterNode> => {
      const [nodeId, proxy] = [index + 1, proxies[index] as FaultProxy];
      const harnessPort = harnessPorts[index] as number;
      const daemon = await setUpKafkaNode({
        ...{ program, folder: folder.path, name: `kafka-${nodeId}`, nodeId, clusterId, port, voters, harnessPort },
        ...{ advertisedPort: proxy.port, controllerPort: controllerPorts[index] as number },
        properties: [...replicated(replicas), ...properties],
      });
      const url = `127.0.0.1:${proxy.port}`;
      const probe = (): Promise<unknown> =>
        withKafkaAdmin([harnessPort], async (admin) => {
          const { brokers } = await admin.describeCluster();
          if (!brokers.some((broker) => broker.nodeId === nodeId)) throw new Error('it is not registered yet');
        });
      const node = new BrokerProcess({ name: `kafka-${nodeId}`, port, url, daemon, probe });
      processes[index] = node;
      await node.start();
      return Object.assign(node, { nodeId, proxy });
    });
    // After a failure, no other node may start in the folder while it is removed.
    await Promise.allSettled(starting);
    const nodes = await Promise.all(starting);
    await waitFor('the cluster', () =>
      withKafkaAdmin(harnessPorts, async (admin) => (await admin.describeCluster()).brokers.length === count),
    );
    const up = (): number[] => harnessPorts.filter((_, index) => processes[index]?.responsive);
    const nodeById = (id: number): KafkaClusterNode => {
      const node = nodes.find(({ nodeId }) => nodeId === id);
      if (node === undefined) throw new Error(`no node has the id ${id}`);
      return node;
    };
    const url = nodes.map((node) => node.url).join(',');
    return {
      ...{ source, version: program.version, nodes, url, env: { KAFKA_BOOTSTRAP_SERVERS: url }, dispose },
      leaderOf: async (topic, partition = 0) => nodeById(await leaderId(up(), topic, () => partition)),
      coordinatorOf: async (groupId) =>
        nodeById(await leaderId(up(), OFFSETS, (partitions) => coordinatingPartition(groupId, partitions))),
      untilInSync: async () => {
        await waitFor('all replicas to be in sync', () => withKafkaAdmin(up(), isInSync));
      },
      wipe: () => withKafkaAdmin(up(), wipeKafka),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The topic in which groups keep their offsets. */
const OFFSETS = '__consumer_offsets';

function replicated(replicas: number): string[] {
  return [
    'num.partitions=3',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${Math.min(2, replicas)}`,
    `offsets.topic.replication.factor=${replicas}`,
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${Math.min(2, replicas)}`,
    `share.coordinator.state.topic.replication.factor=${replicas}`,
  ];
}

/** Waits for a leader, which is missing during an election, and for the offsets before the first group. */
function leaderId(ports: readonly number[], topic: string, choose: (partitions: number) => number): Promise<number> {
  return waitFor(`a leader of ${topic}`, () =>
    withKafkaAdmin(ports, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions ?? [];
      const wanted = choose(partitions.length);
      const leader = partitions.find(({ partitionId }) => partitionId === wanted)?.leader ?? -1;
      return leader > 0 && leader;
    }),
  );
}

/** Brokers choose the partition by Java's hash of the string. */
function coordinatingPartition(groupId: string, partitions: number): number {
  let hash = 0;
  for (let index = 0; index < groupId.length; index += 1) hash = (Math.imul(hash, 31) + groupId.charCodeAt(index)) | 0;
  return (hash & 0x7fffffff) % partitions;
}

async function isInSync(admin: Admin): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata();
  return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length));
}
