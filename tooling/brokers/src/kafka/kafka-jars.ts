import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '../environment.ts';
import { progress } from '../progress.ts';
import { withMachineLock } from '../provision/machine-lock.ts';

const version = '4.1.1';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>slack-mcp</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** The folder with the official jars, downloaded with `mvn` when they are not cached, or why that failed. */
export async function kafkaJars(): Promise<string> {
  const { cacheFolder } = readEnvironment();
  const libs = join(cacheFolder, `kafka-${version}`);
  if (existsSync(libs)) return libs;
  return withMachineLock('kafka', async () => {
    if (existsSync(libs)) return libs;
    progress(`downloading Apache Kafka ${version} to ${libs} with mvn (BROKERS=skip does without)`);
    mkdirSync(cacheFolder, { recursive: true });
    const staging = await mkdtemp(join(cacheFolder, 'download-'));
    try {
      await writeFile(join(staging, 'pom.xml'), pom);
      const goal = ['dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime'];
      await promisify(execFile)('mvn', ['-B', '-q', ...goal], { cwd: staging });
      await rename(join(staging, 'libs'), libs);
      return libs;
    } catch (error) {
      const output = (error as { stdout?: string }).stdout?.trim().split('\n')[0];
      return `mvn could not download Apache Kafka ${version}: ${output || (error as Error).message}`;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}
