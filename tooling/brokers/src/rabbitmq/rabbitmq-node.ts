import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { acceptsConnections } from '../accepts-connections.ts';
import { Daemon } from '../daemon.ts';
import { childEnvironment, readEnvironment } from '../environment.ts';
import { inContainer } from '../provision/container-engine.ts';
import { waitFor } from '../wait-for.ts';
import type { RabbitMQProgram } from './locate-rabbitmq.ts';
import { systemUser } from './system-user.ts';

/** The setup of a RabbitMQ node. */
export interface RabbitMQNodeSetup {
  readonly program: RabbitMQProgram;
  /** Folder of the deployment, monitored by a reaper. Nodes of a cluster share it, and with it the Erlang cookie. */
  readonly folder: string;
  /** Name of its folder and its log. */
  readonly name: string;
  /** Port of a listener without TLS, with which the harness checks whether the node is up. */
  readonly port: number;
  readonly managementPort: number;
  readonly distributionPort: number;
  readonly epmdPort: number;
  readonly plugins?: readonly string[];
  /** Lines for `rabbitmq.conf`. */
  readonly configuration?: readonly string[];
  /** Terms for `advanced.config`, for example `{ra, [{wal_sync_method, sync}]}`. */
  readonly advanced?: readonly string[];
  /** Additional arguments of the Erlang runtime. */
  readonly erlangArguments?: string;
}

/** A RabbitMQ node that can be started, and its control program. */
export interface RabbitMQNode {
  readonly nodeName: string;
  readonly daemon: Daemon;
  /** Resolves when the node has started: it accepts a connection, declares a queue and deletes the queue. */
  probe(): Promise<void>;
  /** Runs `rabbitmqctl`, which takes about half a second, and resolves to its output. */
  ctl(...args: string[]): Promise<string>;
  /** Evaluates Erlang expressions inside the node and resolves to the value of the last one. */
  evaluate(expressions: string): Promise<string>;
}

/** Sets up a RabbitMQ node. Its port mapper must be running when the node starts. */
export async function setUpRabbitMQNode(setup: RabbitMQNodeSetup): Promise<RabbitMQNode> {
  const { program, folder, name, port, distributionPort, epmdPort, erlangArguments = '' } = setup;
  const { server, ctl, call, container } = program;
  const directory = join(folder, name);
  mkdirSync(directory);
  configure(directory, setup);
  const user = await runAs(program);
  await user?.own(folder);

  const nodeName = nodeNameOf(name, port);
  const env = {
    HOME: folder,
    ERL_EPMD_PORT: `${epmdPort}`,
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_DIST_PORT: `${distributionPort}`,
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'pid'),
    // Ignores the settings of an installed RabbitMQ.
    RABBITMQ_CONF_ENV_FILE: join(directory, 'none.conf'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1} ${erlangArguments}`,
    // Makes the script replace itself with the server, instead of waiting for it and forwarding signals.
    RUNNING_UNDER_SYSTEMD: 'true',
    ...(program.erlang !== undefined && { PATH: [program.erlang, ...readEnvironment().path].join(delimiter) }),
  };
  const native = (path: string, ...args: string[]): string[] => [...(user?.become ?? []), path, ...args];
  const contained = container && inContainer(container, folder, [server], env);
  const execute = async (file: string, args: string[], input?: string): Promise<string> => {
    const running = promisify(execFile)(file, args, { env: childEnvironment(env), cwd: folder, timeout: 180_000 });
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  };
  const runCtl = (...args: string[]): Promise<string> => {
    const [file = '', ...rest] = contained ? contained.execute(ctl, '-q', ...args) : native(ctl, '-q', ...args);
    return execute(file, rest);
  };
  return {
    nodeName,
    daemon: new Daemon({ name, folder, command: native(server), env, ...contained }),
    async probe() {
      const connection = await connect({ hostname: '127.0.0.1', port }, { timeout: 5_000 });
      connection.on('error', () => undefined);
      try {
        const channel = await connection.createChannel();
        channel.on('error', () => undefined);
        // RabbitMQ accepts connections before it has started. Until then it refuses to delete empty queues.
        const { queue } = await channel.assertQueue(`probe-${port}`, { durable: true });
        await channel.deleteQueue(queue, { ifEmpty: true });
      } finally {
        await connection.close().catch(() => undefined);
      }
    },
    ctl: runCtl,
    async evaluate(expressions) {
      if (call === undefined) return runCtl('eval', `${expressions}.`);
      // `rabbitmqctl eval` does the same, but starts an Erlang runtime, which takes a second of processor time.
      const [file = '', ...rest] = native(call, '-e', '-r', '-address', `localhost:${distributionPort}`);
      const answer = await execute(file, rest, `${expressions}.\n`);
      const [, value] = /^\{ok, (.*)\}$/s.exec(answer) ?? [];
      if (value === undefined) throw new Error(`RabbitMQ cannot evaluate ${expressions}: ${answer}`);
      return value;
    },
  };
}

/** The name that other nodes use for it. */
export function nodeNameOf(name: string, port: number): string {
  return `slackmcp-${name}-${port}@localhost`;
}

/** Starts Erlang's port mapper, which every node needs. A container has its own. */
export async function startPortMapper(program: RabbitMQProgram, folder: string, port: number): Promise<void> {
  if (program.epmd === undefined) return;
  const user = await runAs(program);
  const command = [...(user?.become ?? []), program.epmd, '-address', '127.0.0.1', '-port', `${port}`];
  new Daemon({ name: 'epmd', folder, command }).start();
  await waitFor('the port mapper of Erlang', () => acceptsConnections('127.0.0.1', port));
}

async function runAs({ user }: RabbitMQProgram): ReturnType<typeof systemUser> {
  return user === undefined ? undefined : systemUser(user);
}

function configure(directory: string, setup: RabbitMQNodeSetup): void {
  const { port, managementPort, plugins = [], configuration = [], advanced = [] } = setup;
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${managementPort}`,
    'log.file = false',
    'log.console = true',
    ...configuration,
  ];
  writeFileSync(join(directory, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  writeFileSync(join(directory, 'advanced.config'), `[${advanced.join(', ')}].\n`);
  writeFileSync(join(directory, 'enabled_plugins'), `[${['rabbitmq_management', ...plugins].join(',')}].\n`);
}
