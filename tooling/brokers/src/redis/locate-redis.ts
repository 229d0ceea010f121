import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrokerSource } from '../broker.ts';
import { readEnvironment } from '../environment.ts';
import { installWithApt } from '../provision/apt-get.ts';
import { type Container, findContainer } from '../provision/container-engine.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { firstThatWorks, type Source } from '../provision/first-that-works.ts';
import { cachedPackage, unpackFirst } from '../provision/unpack-debian.ts';
import { satisfies } from '../version.ts';

export interface RedisProgram {
  readonly server: string;
  /** The version that the program reports (for Valkey, its own). `undefined` if it reports none. */
  readonly version: string | undefined;
  readonly container?: Container;
}

/** Debian suites, newest first. */
const SUITES = ['experimental', 'sid', 'trixie', 'bookworm'];

const PACKAGE = 'redis-server';

/**
 * Finds, unpacks or installs `redis-server`.
 *
 * @param wanted - the version or its beginning. Default: `REDIS_VERSION`, or else the installed version
 * @throws {BrokerUnavailableError}
 */
export function locateRedis(
  wanted: string | undefined = readEnvironment().versions.redis,
): Promise<RedisProgram & { source: BrokerSource }> {
  const path = (): string | undefined => readEnvironment().redisServer ?? findExecutable(PACKAGE);
  const installed = async (): Promise<RedisProgram | string> => {
    const server = path();
    if (server === undefined) return 'no redis-server in PATH';
    const version = await versionOf(server);
    const suffices = wanted === undefined || (version !== undefined && satisfies(version, wanted));
    return suffices ? { server, version } : `the installed version is Redis ${version}`;
  };
  const unpacked: Source<RedisProgram> = {
    source: 'unpacked',
    find: async () => {
      const found = cachedPackage(PACKAGE, wanted) ?? (await unpackFirst(SUITES, PACKAGE, wanted));
      if (typeof found === 'string') return found;
      return { server: join(found.folder, 'usr/bin', PACKAGE), version: found.version };
    },
  };
  return firstThatWorks<RedisProgram>(
    'redis',
    [
      { source: 'installed', find: installed },
      ...(wanted === undefined ? [] : [unpacked]),
      {
        source: 'container',
        find: async () => {
          const version = wanted ?? '7.4';
          const container = await findContainer(`docker.io/library/redis:${version}`);
          return typeof container === 'string' ? container : { server: 'redis-server', version, container };
        },
      },
      {
        source: 'apt-get',
        find: async () => (await installWithApt([PACKAGE], () => path() !== undefined)) ?? installed(),
      },
    ],
    `install redis-server${wanted === undefined ? '' : ` ${wanted}`}, or set REDIS_URL`,
  );
}

async function versionOf(server: string): Promise<string | undefined> {
  const answer = await promisify(execFile)(server, ['--version']).catch(() => undefined);
  return / v=(\d+(?:\.\d+)*)/.exec(answer?.stdout ?? '')?.[1];
}
