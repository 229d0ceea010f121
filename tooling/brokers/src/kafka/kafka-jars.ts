import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '../environment.ts';
import { progress } from '../progress.ts';
import { withMachineLock } from '../provision/machine-lock.ts';

/** The folder of a version's official jars in the cache, or `undefined`. */
export function cachedKafka(version: string): string | undefined {
  const libs = folderOf(version);
  return existsSync(libs) ? libs : undefined;
}

/** Downloads the official jars of a version with `mvn` unless cached. Returns their folder, or a reason for failure. */
export async function downloadKafka(version: string): Promise<{ libs: string } | string> {
  const { cacheFolder } = readEnvironment();
  return withMachineLock('kafka', async () => {
    const cached = cachedKafka(version);
    if (cached !== undefined) return { libs: cached };
    const libs = folderOf(version);
    progress(`downloading Apache Kafka ${version} to ${libs} with mvn (set BROKERS=skip to run without brokers)`);
    mkdirSync(cacheFolder, { recursive: true });
    const staging = await mkdtemp(join(cacheFolder, 'download-'));
    try {
      await writeFile(join(staging, 'pom.xml'), pom(version));
      const goal = ['dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime'];
      await promisify(execFile)('mvn', ['-B', '-q', ...goal], { cwd: staging });
      await rename(join(staging, 'libs'), libs);
      return { libs };
    } catch (error) {
      const output = (error as { stdout?: string }).stdout?.trim().split('\n')[0];
      return `mvn could not download Apache Kafka ${version}: ${output || (error as Error).message}`;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}

function folderOf(version: string): string {
  return join(readEnvironment().cacheFolder, `kafka-${version}`);
}

function pom(version: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>slack-mcp</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;
}
