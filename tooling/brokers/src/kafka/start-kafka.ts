import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import type { FaultProxy } from '../fault-proxy.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { wipeKafka, withKafkaAdmin } from './kafka-admin.ts';
import { newClusterId, setUpKafkaNode } from './kafka-node.ts';
import { prepareKafka } from './prepare-kafka.ts';

export interface StartKafkaOptions extends StartOptions {
  /**
   * A proxy whose address the broker advertises. Its target is set to the broker. With another proxy, clients would
   * bypass it after their first request.
   */
  proxy?: FaultProxy;
  /** Default number of partitions of a topic. Default 3. */
  partitions?: number;
  /** Clients use TLS. `client-certificate`: they also need a certificate of the CA. */
  tls?: 'server-certificate' | 'client-certificate';
  /** Users who log in with SCRAM: the password of each. */
  scramUsers?: Readonly<Record<string, string>>;
  /** Additional lines for `server.properties`, for example `message.max.bytes=2000000`. */
  properties?: readonly string[];
}

export interface KafkaBroker extends StartedBroker {
  readonly version: string;
  /** Address of a listener without a proxy and without a login, for tests that look past the backend. */
  readonly harnessUrl: string;
  /** With `tls`: the files that clients need. */
  readonly certificates?: Certificates;
}

/**
 * Starts a private Kafka broker in KRaft mode. Kafka has no command that closes connections: its `closeConnections`
 * resets the connections of the proxy, and rejects if there is no proxy.
 *
 * @throws {BrokerUnavailableError} if the broker is neither present on this machine nor downloadable
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<KafkaBroker> {
  const { source, keptStorage, ...program } = await prepareKafka(options.version);
  const { version } = program;
  const [controllerPort = 0, harnessPort = 0] = await freePorts(2);
  const { port = await freePort(), keepIn, proxy, partitions = 3, properties = [], scramUsers = {} } = options;
  const folder = keepIn === undefined ? await BrokerFolder.create('kafka') : await BrokerFolder.keep(keepIn);
  const advertisedPort = proxy?.port ?? port;
  const certificates = options.tls === undefined ? undefined : await createCertificates(folder.path);
  if (proxy !== undefined) proxy.target = { port };
  const node = setUpKafkaNode({
    ...{ program, folder: folder.path, name: 'kafka', nodeId: 1, clusterId: newClusterId() },
    ...{ port, advertisedPort, harnessPort, controllerPort, voters: `1@127.0.0.1:${controllerPort}`, scramUsers },
    keptStorage: keptStorage && `${keptStorage}${suffixOf(options.scramUsers)}`,
    properties: [
      `num.partitions=${partitions}`,
      ...(certificates === undefined ? [] : await tlsListener(folder.path, certificates, options.tls)),
      ...properties,
    ],
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
  return Object.assign(broker, {
    ...{ version, harnessUrl: `127.0.0.1:${harnessPort}` },
    ...(certificates === undefined ? {} : { certificates }),
  });
}

/** The formatted storage contains the users, so each set of users has a storage of its own. */
function suffixOf(scramUsers: StartKafkaOptions['scramUsers']): string {
  if (scramUsers === undefined) return '';
  return `-${createHash('sha256').update(JSON.stringify(scramUsers)).digest('hex').slice(0, 12)}`;
}

/** Settings for TLS on the listener of the clients. Kafka reads key and certificate from one file. */
async function tlsListener(
  folder: string,
  { ca, certificate, key }: Certificates,
  tls: StartKafkaOptions['tls'],
): Promise<string[]> {
  const keystore = join(folder, 'keystore.pem');
  await writeFile(keystore, `${await readFile(key, 'utf8')}${await readFile(certificate, 'utf8')}`);
  const listener = 'listener.name.plaintext.ssl';
  return [
    'listener.security.protocol.map=PLAINTEXT:SSL,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `${listener}.keystore.type=PEM`,
    `${listener}.keystore.location=${keystore}`,
    `${listener}.truststore.type=PEM`,
    `${listener}.truststore.location=${ca}`,
    `${listener}.client.auth=${tls === 'client-certificate' ? 'required' : 'none'}`,
  ];
}
