import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BrokerSource } from '../broker.ts';
import { readEnvironment } from '../environment.ts';
import { installWithApt } from '../provision/apt-get.ts';
import { type Container, findContainer } from '../provision/container-engine.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { firstThatWorks } from '../provision/first-that-works.ts';
import { kafkaJars } from './kafka-jars.ts';

export interface KafkaProgram {
  readonly java: string;
  /** Folder with Kafka's jars. */
  readonly libs: string;
  readonly container?: Container;
}

/** Kafka 4 runs on this Java and newer ones. */
const oldestJava = 17;

/** Finds or downloads Apache Kafka. @throws {BrokerUnavailableError} */
export function locateKafka(): Promise<KafkaProgram & { source: BrokerSource }> {
  return firstThatWorks<KafkaProgram>(
    'kafka',
    [
      {
        source: 'installed',
        find: async () => {
          const libs = installedLibs();
          if (libs === undefined) return 'no Kafka in KAFKA_HOME or PATH';
          return (await hasJava()) ? { java: 'java', libs } : `Kafka is installed, but no Java ${oldestJava}`;
        },
      },
      {
        source: 'container',
        find: async () => {
          const container = await findContainer('docker.io/apache/kafka:4.1.1');
          return typeof container === 'string' ? container : { java: 'java', libs: '/opt/kafka/libs', container };
        },
      },
      {
        source: 'maven',
        find: async () => {
          const obstacle = await provideMaven();
          if (obstacle !== undefined) return obstacle;
          const libs = await kafkaJars();
          return libs.startsWith('/') ? { java: 'java', libs } : libs;
        },
      },
    ],
    `install Java ${oldestJava} and Maven (the jars of Kafka are then downloaded), set KAFKA_HOME, or set KAFKA_BOOTSTRAP_SERVERS`,
  );
}

/** The jars of a distribution of Kafka in `KAFKA_HOME`, or beside its script in `PATH`. */
function installedLibs(): string | undefined {
  const script = findExecutable('kafka-server-start.sh');
  return [readEnvironment().kafkaHome, script && dirname(dirname(script))]
    .filter((home) => home !== undefined)
    .map((home) => join(home, 'libs'))
    .find((libs) => existsSync(libs) && globSync('kafka_2.*.jar', { cwd: libs }).length > 0);
}

async function hasJava(): Promise<boolean> {
  const version = await promisify(execFile)('java', ['-version']).catch(() => undefined);
  return Number(/version "(\d+)/.exec(version?.stderr ?? '')?.[1] ?? 0) >= oldestJava;
}

async function provideMaven(): Promise<string | undefined> {
  const complete = async (): Promise<boolean> => findExecutable('mvn') !== undefined && (await hasJava());
  if (await complete()) return undefined;
  const missing = [
    ...((await hasJava()) ? [] : ['default-jre-headless']),
    ...(findExecutable('mvn') === undefined ? ['maven'] : []),
  ];
  const obstacle = await installWithApt(missing, complete);
  return obstacle && `no Java ${oldestJava} with Maven, and ${obstacle}`;
}
