import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { BrokerSource } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { BrokerProcess } from '../broker-process.ts';
import { readEnvironment } from '../environment.ts';
import { freePorts } from '../free-ports.ts';
import { progress } from '../progress.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { withMachineLock } from '../provision/machine-lock.ts';
import { withKafkaAdmin } from './kafka-admin.ts';
import { newClusterId, setUpKafkaNode } from './kafka-node.ts';
import { type KafkaProgram, locateKafka } from './locate-kafka.ts';

interface LocatedKafka extends KafkaProgram {
  readonly source: BrokerSource;
  /** See {@link KafkaNodeSetup.keptStorage}. */
  readonly keptStorage?: string;
}

/** Milliseconds in which the JVM writes the classes on a busy machine. */
const WRITE_MS = 180_000;

/**
 * Finds or downloads Apache Kafka, with an archive of the classes that it loads. A start with the archive takes about
 * half of the processor time. The first start of a version on a machine writes it to the cache.
 *
 * @param wanted - the version or its beginning
 * @throws {BrokerUnavailableError}
 */
export async function prepareKafka(wanted: string | undefined): Promise<LocatedKafka> {
  const program = await locateKafka(wanted);
  const java = findExecutable(program.java);
  if (program.container !== undefined || java === undefined) return program;
  const folder = archiveOf(program, java);
  if (!existsSync(folder)) {
    await withMachineLock('kafka-classes', async () => {
      if (!existsSync(folder)) await writeArchive(program, folder);
    }).catch((error: unknown) => progress(`Kafka starts without an archive of its classes: ${String(error)}`));
  }
  const use = (name: string): readonly string[] => {
    const file = join(folder, name);
    return existsSync(file) ? [`-XX:SharedArchiveFile=${file}`] : [];
  };
  return {
    ...{ ...program, jvmArguments: { format: use('format.jsa'), server: use('server.jsa') } },
    ...(existsSync(folder) && { keptStorage: join(folder, 'storage') }),
  };
}

/** The folder of the archive. A JVM reads only what the same JVM has written for the same jars. */
function archiveOf({ version, libs }: KafkaProgram, java: string): string {
  const file = realpathSync(java);
  const key = createHash('sha256').update(JSON.stringify([file, statSync(file).mtimeMs, libs, statSync(libs).mtimeMs]));
  return join(readEnvironment().cacheFolder, `kafka-${version}-classes-${key.digest('hex').slice(0, 12)}`);
}

/** Runs a broker with a client once. A JVM that cannot write archives leaves the folder empty. */
async function writeArchive(program: KafkaProgram, target: string): Promise<void> {
  const { cacheFolder } = readEnvironment();
  progress(`writing an archive of the classes of Kafka ${program.version} to ${target}`);
  mkdirSync(cacheFolder, { recursive: true });
  const staging = await mkdtemp(join(cacheFolder, 'classes-'));
  const folder = await BrokerFolder.create('kafka');
  try {
    const [port = 0, harnessPort = 0, controllerPort = 0] = await freePorts(3);
    const write = (name: string): readonly string[] => [`-XX:ArchiveClassesAtExit=${join(staging, name)}`];
    const daemon = await setUpKafkaNode({
      program: { ...program, jvmArguments: { format: write('format.jsa'), server: write('server.jsa') } },
      ...{ folder: folder.path, name: 'kafka', nodeId: 1, clusterId: newClusterId(), port, advertisedPort: port },
      ...{ harnessPort, controllerPort, voters: `1@127.0.0.1:${controllerPort}`, properties: [] },
    });
    const url = `127.0.0.1:${port}`;
    const probe = (): Promise<unknown> => withKafkaAdmin([harnessPort], (admin) => admin.listTopics());
    const broker = new BrokerProcess({ name: 'kafka', port, url, daemon, probe });
    await broker.start();
    await useOnce(url);
    await daemon.stop(WRITE_MS);
    await rename(staging, target);
  } finally {
    await folder.remove();
    await rm(staging, { recursive: true, force: true });
  }
}

/** Publishes a message and reads it in a group. */
async function useOnce(url: string): Promise<void> {
  const kafka = new Kafka({ brokers: [url], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  const [admin, producer, consumer] = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'group' })];
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'topic' }], waitForLeaders: true });
    await producer.connect();
    await producer.send({ topic: 'topic', messages: [{ key: 'key', value: 'value' }] });
    await consumer.connect();
    await consumer.subscribe({ topic: 'topic', fromBeginning: true });
    const received = Promise.withResolvers<void>();
    await consumer.run({ eachMessage: async () => received.resolve() });
    await received.promise;
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  }
}
