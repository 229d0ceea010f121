import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { Daemon } from '../daemon.ts';
import type { FaultProxy } from '../fault-proxy.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { inContainer } from '../provision/container-engine.ts';
import { wipeKafka, withKafkaAdmin } from './kafka-admin.ts';
import { locateKafka } from './locate-kafka.ts';

const format = ['kafka.tools.StorageTool', 'format', '-c', 'server.properties', '-t'];

export interface StartKafkaOptions extends StartOptions {
  /**
   * A proxy that the broker names to its clients as its address; it is pointed at the broker. Without one, clients
   * would leave the proxy after their first request.
   */
  proxy?: FaultProxy;
  /** Partitions of topics that are created without a number. Default 3. */
  partitions?: number;
  /** Further lines for `server.properties`, such as `message.max.bytes=2000000`. */
  properties?: readonly string[];
}

/**
 * Starts a Kafka broker of one's own, in KRaft mode. Kafka has no command that closes connections: its
 * `closeConnections` resets those of the proxy, and rejects where there is none.
 *
 * @throws {BrokerUnavailableError} when there is none on this machine and none can be installed.
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<StartedBroker> {
  const { java, libs, container, source } = await locateKafka();
  const [controllerPort = 0, harnessPort = 0] = await freePorts(2);
  const { port = await freePort(), keepIn, proxy } = options;
  const folder = keepIn === undefined ? await BrokerFolder.create('kafka') : await BrokerFolder.keep(keepIn);
  const { path } = folder;
  if (proxy !== undefined) proxy.target = { port };
  await writeFile(
    join(path, 'server.properties'),
    properties(path, { port, advertisedPort: proxy?.port ?? port, controllerPort, harnessPort }, options),
  );

  const program = [
    ...[java, '-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', `${libs}/*`],
  ];
  const contained = (command: readonly string[]): { command: readonly string[] } =>
    container === undefined ? { command } : inContainer(container, path, command);
  const [file = '', ...args] = contained([...program, ...format, clusterId()]).command;
  try {
    await promisify(execFile)(file, args, { cwd: path });
  } catch (error) {
    await folder.remove();
    throw error;
  }

  const url = `127.0.0.1:${proxy?.port ?? port}`;
  return startOwnedBroker({
    ...{ name: 'kafka', source, port, url, folder, env: { KAFKA_BOOTSTRAP_SERVERS: url } },
    daemon: new Daemon({
      ...{ name: 'kafka', folder: path },
      ...contained([...program, 'kafka.Kafka', 'server.properties']),
    }),
    probe: () =>
      withKafkaAdmin(harnessPort, async (admin) => {
        const { brokers } = await admin.describeCluster();
        if (brokers.length === 0) throw new Error('the broker is not registered yet');
      }),
    closeConnections: async () => {
      if (proxy === undefined) throw new Error('Kafka closes connections only with a proxy: startKafka({ proxy }).');
      proxy.reset();
    },
    wipe: () => withKafkaAdmin(harnessPort, wipeKafka),
  });
}

/** 16 bytes, as Kafka writes them; the leading letter keeps it from looking like an option. */
function clusterId(): string {
  return `k${randomBytes(16).toString('base64url').slice(1)}`;
}

interface Ports {
  port: number;
  advertisedPort: number;
  controllerPort: number;
  harnessPort: number;
}

/** The harness has a listener of its own, which no proxy cuts off. */
function properties(folder: string, ports: Ports, { partitions = 3, properties = [] }: StartKafkaOptions): string {
  const { port, advertisedPort, controllerPort, harnessPort } = ports;
  const harness = `HARNESS://127.0.0.1:${harnessPort}`;
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `listeners=PLAINTEXT://127.0.0.1:${port},${harness},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort},${harness}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    'inter.broker.listener.name=HARNESS',
    `log.dirs=${join(folder, 'data')}`,
    `num.partitions=${partitions}`,
    // A client that asks for a topic must not bring back what was deleted.
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=8',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    'log.cleaner.enable=false',
    // After a SIGKILL the node cannot register again before its old session ends.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    ...properties,
    '',
  ].join('\n');
}
