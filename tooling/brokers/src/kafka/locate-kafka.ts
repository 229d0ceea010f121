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
import { satisfies } from '../version.ts';
import { cachedKafka, downloadKafka } from './kafka-jars.ts';

export interface KafkaProgram {
  readonly version: string;
  readonly java: string;
  /** Folder with Kafka's jars. */
  readonly libs: string;
  readonly container?: Container;
  /** Additional arguments of the JVM, for formatting the storage and for the server. */
  readonly jvmArguments?: { readonly format: readonly string[]; readonly server: readonly string[] };
}

/** The tested versions, newest first. */
export const kafkaVersions: readonly string[] = ['4.4.0', '4.1.1'];

/** The newest patch of each minor version that is not tested with every change. */
const furtherVersions: readonly string[] = ['4.3.1', '4.2.1', '4.0.2'];

/** Kafka 4 needs at least this Java version. */
const oldestJava = 17;

/**
 * Finds or downloads Apache Kafka.
 *
 * @param wanted - the version or its beginning. Default: `KAFKA_VERSION`, or else the newest available version
 * @throws {BrokerUnavailableError}
 */
export function locateKafka(
  wanted: string | undefined = readEnvironment().versions.kafka,
): Promise<KafkaProgram & { source: BrokerSource }> {
  const candidates = versionsFor(wanted);
  const java = 'java';
  return firstThatWorks<KafkaProgram>(
    'kafka',
    [
      {
        source: 'installed',
        find: async () => {
          const installed = installedKafka();
          if (installed === undefined) return 'no Kafka in KAFKA_HOME or PATH';
          if (!satisfies(installed.version, wanted)) return `the installed version is Kafka ${installed.version}`;
          return (await hasJava()) ? { java, ...installed } : `Kafka is installed, but no Java ${oldestJava}`;
        },
      },
      {
        source: 'unpacked',
        find: async () => {
          const newest = candidates[0];
          const libs = newest && cachedKafka(newest);
          if (newest === undefined || libs === undefined) return `no jars of Kafka ${newest ?? wanted} in the cache`;
          return (await hasJava()) ? { java, version: newest, libs } : `no Java ${oldestJava}`;
        },
      },
      {
        source: 'container',
        find: async () => {
          const version = candidates[0];
          if (version === undefined) return unknown(wanted);
          const container = await findContainer(`docker.io/apache/kafka:${version}`);
          return typeof container === 'string' ? container : { version, java, libs: '/opt/kafka/libs', container };
        },
      },
      { source: 'maven', find: () => fromMaven(candidates, wanted) },
    ],
    `install Java ${oldestJava} and Maven (the jars of Kafka are then downloaded), set KAFKA_HOME, or set KAFKA_BOOTSTRAP_SERVERS`,
  );
}

/** Complete versions, in the order in which they are tried. */
function versionsFor(wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return kafkaVersions;
  if (wanted.split('.').length === 3) return [wanted];
  return [...kafkaVersions, ...furtherVersions].filter((version) => satisfies(version, wanted));
}

function unknown(wanted: string | undefined): string {
  return `no known version of Kafka begins with ${wanted}: give a complete version, for example ${kafkaVersions[0]}`;
}

async function fromMaven(candidates: readonly string[], wanted: string | undefined): Promise<KafkaProgram | string> {
  if (candidates.length === 0) return unknown(wanted);
  const obstacle = await provideMaven();
  if (obstacle !== undefined) return obstacle;
  const reasons: string[] = [];
  for (const version of candidates) {
    const found = await downloadKafka(version);
    if (typeof found !== 'string') return { java: 'java', version, ...found };
    reasons.push(found);
  }
  return reasons.join('; ');
}

/** A distribution of Kafka in `KAFKA_HOME`, or next to its script in `PATH`. */
function installedKafka(): { version: string; libs: string } | undefined {
  const script = findExecutable('kafka-server-start.sh');
  for (const home of [readEnvironment().kafkaHome, script && dirname(dirname(script))]) {
    const libs = home && join(home, 'libs');
    if (libs === undefined || !existsSync(libs)) continue;
    const version = globSync('kafka_2.*.jar', { cwd: libs })
      .map((jar) => /^kafka_2\.\d+-(\d+(?:\.\d+)*)\.jar$/.exec(jar)?.[1])
      .find((found) => found !== undefined);
    if (version !== undefined) return { version, libs };
  }
  return undefined;
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
