import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { Daemon } from '../daemon.ts';
import { childEnvironment } from '../environment.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { inContainer } from '../provision/container-engine.ts';
import { locateRabbitMQ } from './locate-rabbitmq.ts';
import { RabbitMQManagement } from './rabbitmq-management.ts';
import { systemUser } from './system-user.ts';

const execute = promisify(execFile);

export interface StartRabbitMQOptions extends StartOptions {
  /** Plugins beside the management plugin, which is always on. */
  plugins?: readonly string[];
  /** Lines for `rabbitmq.conf`, such as `consumer_timeout = 10000`. */
  configuration?: readonly string[];
}

export interface RabbitMQBroker extends StartedBroker {
  /** The HTTP API: depths, connections, policies. */
  readonly management: RabbitMQManagement;
  /** Creates a virtual host and returns its URL. */
  createVirtualHost(name: string): Promise<string>;
}

/**
 * Starts a RabbitMQ node of one's own, with its own Erlang port mapper.
 *
 * @throws {BrokerUnavailableError} when there is none on this machine and none can be installed.
 */
export async function startRabbitMQ(options: StartRabbitMQOptions = {}): Promise<RabbitMQBroker> {
  const { server, ctl, epmd, container, source } = await locateRabbitMQ();
  const [managementPort = 0, distributionPort = 0, epmdPort = 0] = await freePorts(3);
  const { port = await freePort(), keepIn } = options;
  const folder = keepIn === undefined ? await BrokerFolder.create('rabbitmq') : await BrokerFolder.keep(keepIn);
  const { path } = folder;
  const user = container ? undefined : await systemUser('rabbitmq');
  configure(path, port, managementPort, options);
  await user?.own(path);

  const env = {
    HOME: path,
    ERL_EPMD_PORT: `${epmdPort}`,
    RABBITMQ_NODENAME: `slackmcp${port}@localhost`,
    RABBITMQ_DIST_PORT: `${distributionPort}`,
    RABBITMQ_CONFIG_FILE: join(path, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(path, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(path, 'mnesia'),
    RABBITMQ_LOG_BASE: join(path, 'log'),
    RABBITMQ_PID_FILE: join(path, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
    // Lets the script become the server, instead of waiting for it and translating signals.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
  const native = (program: string, ...args: string[]): string[] => [...(user?.become ?? []), program, ...args];
  const wrapped = container && inContainer(container, path, [server], env);
  if (epmd !== undefined) {
    const command = native(epmd, '-address', '127.0.0.1', '-port', `${epmdPort}`);
    new Daemon({ name: 'epmd', folder: path, command }).start();
  }

  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const management = new RabbitMQManagement(managementPort);
  const broker = await startOwnedBroker({
    ...{ name: 'rabbitmq', source, port, url, folder, env: { RABBITMQ_URL: url } },
    daemon: new Daemon({ name: 'rabbitmq', folder: path, command: native(server), env, ...wrapped }),
    probe: async () => {
      const connection = await connect(url);
      connection.on('error', () => undefined);
      await connection.createChannel();
      await connection.close();
    },
    closeConnections: async () => {
      const [file = '', ...args] = wrapped
        ? wrapped.execute(ctl, 'close_all_connections', 'closed by a test')
        : native(ctl, 'close_all_connections', 'closed by a test');
      await execute(file, args, { env: childEnvironment(env), cwd: path });
    },
    wipe: () => management.wipe(),
  });
  return Object.assign(broker, {
    management,
    createVirtualHost: async (name: string) => {
      await management.createVirtualHost(name);
      return `${url}/${encodeURIComponent(name)}`;
    },
  });
}

function configure(folder: string, port: number, managementPort: number, options: StartRabbitMQOptions): void {
  const { plugins = [], configuration = [] } = options;
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${managementPort}`,
    'log.file = false',
    'log.console = true',
    ...configuration,
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'enabled_plugins'), `[${['rabbitmq_management', ...plugins].join(',')}].\n`);
}
