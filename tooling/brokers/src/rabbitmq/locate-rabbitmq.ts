import { dirname, join } from 'node:path';
import type { BrokerSource } from '../broker.ts';
import { installWithApt } from '../provision/apt-get.ts';
import { type Container, findContainer } from '../provision/container-engine.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { firstThatWorks } from '../provision/first-that-works.ts';

export interface RabbitMQProgram {
  readonly server: string;
  readonly ctl: string;
  /** The port mapper of Erlang; absent in a container, where the server starts its own. */
  readonly epmd?: string;
  readonly container?: Container;
}

/** Debian's scripts in `PATH` insist on the system's service; these here do not. */
const debianScripts = '/usr/lib/rabbitmq/bin';

/** Finds or installs `rabbitmq-server`. @throws {BrokerUnavailableError} */
export function locateRabbitMQ(): Promise<RabbitMQProgram & { source: BrokerSource }> {
  const installed = (): RabbitMQProgram | undefined => {
    const server = findExecutable('rabbitmq-server', [debianScripts]);
    const epmd = findExecutable('epmd');
    if (server === undefined || epmd === undefined) return undefined;
    return { server, ctl: join(dirname(server), 'rabbitmqctl'), epmd };
  };
  return firstThatWorks<RabbitMQProgram>(
    'rabbitmq',
    [
      { source: 'installed', find: async () => installed() ?? 'no rabbitmq-server and epmd in PATH' },
      {
        source: 'container',
        find: async () => {
          const container = await findContainer('docker.io/library/rabbitmq:3.13-management');
          return typeof container === 'string'
            ? container
            : { server: 'rabbitmq-server', ctl: 'rabbitmqctl', container };
        },
      },
      {
        source: 'apt-get',
        find: async () => {
          const obstacle = await installWithApt(['rabbitmq-server'], () => installed() !== undefined);
          return obstacle ?? (installed() as RabbitMQProgram);
        },
      },
    ],
    'install rabbitmq-server, or set RABBITMQ_URL',
  );
}
