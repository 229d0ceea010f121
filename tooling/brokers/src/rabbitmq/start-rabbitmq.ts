import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { locateRabbitMQ } from './locate-rabbitmq.ts';
import { RabbitMQAlarms } from './rabbitmq-alarms.ts';
import { RabbitMQManagement } from './rabbitmq-management.ts';
import { setUpRabbitMQNode, startPortMapper } from './rabbitmq-node.ts';

export interface StartRabbitMQOptions extends StartOptions {
  /** Additional plugins. The management plugin is always enabled. */
  plugins?: readonly string[];
  /** Lines for `rabbitmq.conf`, for example `consumer_timeout = 10000`. */
  configuration?: readonly string[];
  /** Terms for `advanced.config`, for example `{ra, [{wal_sync_method, sync}]}`. */
  advanced?: readonly string[];
  /**
   * Whether clients use TLS. `server`: the server has a certificate from its own CA. `mutual`: clients need a
   * certificate from this CA, too. Default: no TLS.
   */
  tls?: 'server' | 'mutual';
}

export interface RabbitMQBroker extends StartedBroker {
  readonly version: string;
  /** The HTTP API: virtual hosts, users, depths, connections, policies. */
  readonly management: RabbitMQManagement;
  readonly managementUrl: string;
  /** Simulates a shortage of memory or disk. */
  readonly alarms: RabbitMQAlarms;
  /** With TLS: the files of the CA, the server and a client. */
  readonly certificates: Certificates | undefined;
  /** Creates a virtual host and returns its URL. */
  createVirtualHost(name: string): Promise<string>;
  /** Runs `rabbitmqctl`, which takes about half a second, and resolves to its output. */
  ctl(...args: string[]): Promise<string>;
  /** Evaluates Erlang expressions inside the node and resolves to the value of the last one. */
  evaluate(expressions: string): Promise<string>;
}

/** What `rabbitmqctl close_all_connections` does. */
const CLOSE_CONNECTIONS =
  '[rabbit_networking:close_connection(Each, "closed by a test") || Each <- rabbit_networking:connections()]';

/**
 * Starts a private RabbitMQ node with its own Erlang port mapper.
 *
 * @throws {BrokerUnavailableError} if the broker is neither present on this machine nor downloadable
 */
export async function startRabbitMQ(options: StartRabbitMQOptions = {}): Promise<RabbitMQBroker> {
  const { source, ...program } = await locateRabbitMQ(options.version);
  const { version } = program;
  const [managementPort = 0, distributionPort = 0, epmdPort = 0, plainPort = 0] = await freePorts(4);
  const { port = await freePort(), keepIn, tls } = options;
  const folder = keepIn === undefined ? await BrokerFolder.create('rabbitmq') : await BrokerFolder.keep(keepIn);
  const certificates = tls && (await createCertificates(folder.path));
  const node = await setUpRabbitMQNode({
    ...options,
    ...{ program, folder: folder.path, name: 'rabbitmq', managementPort, distributionPort, epmdPort },
    port: certificates === undefined ? port : plainPort,
    configuration: [...tlsConfiguration(port, certificates, tls), ...(options.configuration ?? [])],
  });
  await startPortMapper(program, folder.path, epmdPort);

  const url = `${certificates === undefined ? 'amqp' : 'amqps'}://guest:guest@127.0.0.1:${port}`;
  const management = new RabbitMQManagement(`http://127.0.0.1:${managementPort}`);
  const broker = await startOwnedBroker({
    ...{ name: 'rabbitmq', source, version, port, url, folder },
    env: { RABBITMQ_URL: url, ...(certificates && { RABBITMQ_TLS_CA: certificates.ca }) },
    daemon: node.daemon,
    probe: () => node.probe(),
    closeConnections: async () => {
      await node.evaluate(CLOSE_CONNECTIONS);
    },
    wipe: () => management.wipe(),
  });
  return Object.assign(broker, {
    ...{ version, management, managementUrl: management.url, certificates },
    alarms: new RabbitMQAlarms(node),
    createVirtualHost: async (name: string) => {
      await management.createVirtualHost(name);
      return `${url}/${encodeURIComponent(name)}`;
    },
    ctl: (...args: string[]) => node.ctl(...args),
    evaluate: (expressions: string) => node.evaluate(expressions),
  });
}

function tlsConfiguration(
  port: number,
  certificates: Certificates | undefined,
  tls: StartRabbitMQOptions['tls'],
): string[] {
  if (certificates === undefined) return [];
  return [
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${certificates.ca}`,
    `ssl_options.certfile = ${certificates.certificate}`,
    `ssl_options.keyfile = ${certificates.key}`,
    `ssl_options.verify = ${tls === 'mutual' ? 'verify_peer' : 'verify_none'}`,
    `ssl_options.fail_if_no_peer_cert = ${tls === 'mutual'}`,
  ];
}
