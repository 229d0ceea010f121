import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Daemon } from '../daemon.ts';
import { inContainer } from '../provision/container-engine.ts';
import { copyStorage } from './kafka-storage.ts';
import type { KafkaProgram } from './locate-kafka.ts';

/** The setup of a Kafka node: broker and controller in one, in KRaft mode. */
export interface KafkaNodeSetup {
  readonly program: KafkaProgram;
  /** Folder of the deployment, monitored by a reaper. */
  readonly folder: string;
  /** Name of its folder and its log. */
  readonly name: string;
  readonly nodeId: number;
  /** The same for all nodes. See {@link newClusterId}. */
  readonly clusterId: string;
  readonly port: number;
  /** The port that clients use: that of a proxy, or `port`. */
  readonly advertisedPort: number;
  /** Port of a listener without a proxy, for the harness and for connections between nodes. */
  readonly harnessPort: number;
  readonly controllerPort: number;
  /** Controllers as `id@host:port`, separated by commas. */
  readonly voters: string;
  /** Lines for `server.properties`, which override the defaults. */
  readonly properties: readonly string[];
  /** Users who log in with SCRAM: the password of each. */
  readonly scramUsers?: Readonly<Record<string, string>>;
  /** Folder with a formatted storage to copy, with the same users, for a node without others. See {@link copyStorage}. */
  readonly keptStorage?: string | undefined;
}

/** Formats the storage of a Kafka node. Resolves to the node, ready to start. */
export async function setUpKafkaNode(setup: KafkaNodeSetup): Promise<Daemon> {
  const { folder, name, clusterId, scramUsers = {}, keptStorage } = setup;
  const { java, libs, container, jvmArguments: extra = { format: [], server: [] } } = setup.program;
  const directory = join(folder, name);
  await mkdir(directory);
  const file = join(directory, 'server.properties');
  await writeFile(file, properties(directory, setup));
  const program = (more: readonly string[]): readonly string[] => [
    ...[java, '-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
    ...more,
    ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', `${libs}/*`],
  ];
  const contained = (command: readonly string[]): { command: readonly string[] } =>
    container === undefined ? { command } : inContainer(container, folder, command);
  const users = Object.entries(scramUsers).flatMap(([user, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((each) => ['-S', `${each}=[name=${user},password=${password}]`]),
  );
  const format = ['kafka.tools.StorageTool', 'format', '-c', file, '-t', clusterId, ...users];
  const [executable = '', ...args] = contained([...program(extra.format), ...format]).command;
  const formatted = (): Promise<unknown> => promisify(execFile)(executable, args, { cwd: folder });
  await (keptStorage === undefined ? formatted() : copyStorage(keptStorage, storageOf(directory), formatted));
  return new Daemon({ name, folder, ...contained([...program(extra.server), 'kafka.Kafka', file]) });
}

/** 16 bytes in Kafka's format. It begins with a letter, so that it does not look like an option. */
export function newClusterId(): string {
  return `k${randomBytes(16).toString('base64url').slice(1)}`;
}

function storageOf(directory: string): string {
  return join(directory, 'data');
}

function properties(directory: string, setup: KafkaNodeSetup): string {
  const { nodeId, port, advertisedPort, harnessPort, controllerPort, voters } = setup;
  const harness = `HARNESS://127.0.0.1:${harnessPort}`;
  return [
    'process.roles=broker,controller',
    `node.id=${nodeId}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},${harness},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort},${harness}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=${voters}`,
    'inter.broker.listener.name=HARNESS',
    `log.dirs=${storageOf(directory)}`,
    // A client's request for a topic must not create a deleted topic again.
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=8',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    'log.cleaner.enable=false',
    // After a SIGKILL the node cannot register again before its old session ends.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    ...setup.properties,
    '',
  ].join('\n');
}
