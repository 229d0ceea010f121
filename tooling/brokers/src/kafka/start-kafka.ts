import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import type { FaultProxy } from '../fault-proxy.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { wipeKafka, withKafkaAdmin } from './kafka-admin.ts';
import { newClusterId, setUpKafkaNode } from './kafka-node.ts';
import { locateKafka } from './locate-kafka.ts';

export interface StartKafkaOptions extends StartOptions {
  /**
   * A proxy whose address the broker advertises. Its target is set to the broker. With another proxy, clients would
   * bypass it after their first request.
   */
  proxy?: FaultProxy;
  /** Default number of partitions of a topic. Default 3. */
  partitions?: number;
  /** Additional lines for `server.properties`, for example `message.max.bytes=2000000`. */
  properties?: readonly string[];
}

export interface KafkaBroker extends StartedBroker {
  readonly version: string;
  /** Address of a listener without a proxy and without a login, for tests that look past the backend. */
  readonly harnessUrl: string;
}

/**
 * Starts a private Kafka broker in KRaft mode. Kafka has no command that closes connections: its `closeConnections`
 * resets the connections of the proxy, and rejects if there is no proxy.
 *
 * @throws {BrokerUnavailableError} if the broker is neither present on this machine nor downloadable
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<KafkaBroker> {
  const { source, ...program } = await locateKafka(options.version);
  const { version } = program;
  const [controllerPort = 0, harnessPort = 0] = await freePorts(2);
  const { port = await freePort(), keepIn, proxy, partitions = 3, properties = [] } = options;
  const folder = keepIn === undefined ? await BrokerFolder.create('kafka') : await BrokerFolder.keep(keepIn);
  const advertisedPort = proxy?.port ?? port;
  if (proxy !== undefined) proxy.target = { port };
  const node = setUpKafkaNode({
    ...{ program, folder: folder.path, name: 'kafka', nodeId: 1, clusterId: newClusterId() },
    ...{ port, advertisedPort, harnessPort, controllerPort, voters: `1@127.0.0.1:${controllerPort}` },
    properties: [`num.partitions=${partitions}`, ...properties],
  });
  const daemon = await node.catch(async (error: unknown) => {
    await folder.remove();
    throw error;
  });

  const url = `127.0.0.1:${advertisedPort}`;
  const broker = await startOwnedBroker({
    ...{ name: 'kafka', source, version, port, url, folder, daemon, env: { KAFKA_BOOTSTRAP_SERVERS: url } },
    probe: () =>
      withKafkaAdmin([harnessPort], async (admin) => {
        const { brokers } = await admin.describeCluster();
        if (brokers.length === 0) throw new Error('the broker is not registered yet');
      }),
    closeConnections: async () => {
      if (proxy === undefined) throw new Error('Kafka closes connections only with a proxy: startKafka({ proxy }).');
      proxy.reset();
    },
    wipe: () => withKafkaAdmin([harnessPort], wipeKafka),
  });
  return Object.assign(broker, { version, harnessUrl: `127.0.0.1:${harnessPort}` });
}
