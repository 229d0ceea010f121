import type { BrokerSource } from '../broker.ts';
import { readEnvironment } from '../environment.ts';
import { installWithApt } from '../provision/apt-get.ts';
import { type Container, findContainer } from '../provision/container-engine.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { firstThatWorks } from '../provision/first-that-works.ts';

export interface RedisProgram {
  readonly server: string;
  readonly container?: Container;
}

/** Finds or installs `redis-server`. @throws {BrokerUnavailableError} */
export function locateRedis(): Promise<RedisProgram & { source: BrokerSource }> {
  const installed = (): string | undefined => readEnvironment().redisServer ?? findExecutable('redis-server');
  return firstThatWorks<RedisProgram>(
    'redis',
    [
      {
        source: 'installed',
        find: async () => {
          const server = installed();
          return server === undefined ? 'no redis-server in PATH' : { server };
        },
      },
      {
        source: 'container',
        find: async () => {
          const container = await findContainer('docker.io/library/redis:7.4');
          return typeof container === 'string' ? container : { server: 'redis-server', container };
        },
      },
      {
        source: 'apt-get',
        find: async () => {
          const obstacle = await installWithApt(['redis-server'], () => installed() !== undefined);
          return obstacle ?? { server: installed() as string };
        },
      },
    ],
    'install redis-server, or set REDIS_URL',
  );
}
