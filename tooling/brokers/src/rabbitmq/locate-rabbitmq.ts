import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrokerSource } from '../broker.ts';
import { readEnvironment } from '../environment.ts';
import { installWithApt } from '../provision/apt-get.ts';
import { type Container, findContainer } from '../provision/container-engine.ts';
import { findExecutable } from '../provision/find-executable.ts';
import { firstThatWorks } from '../provision/first-that-works.ts';
import { cachedPackage, type Unpacked, unpackFirst } from '../provision/unpack-debian.ts';
import { newestFirst, satisfies } from '../version.ts';

export interface RabbitMQProgram {
  readonly version: string;
  readonly server: string;
  readonly ctl: string;
  /** Erlang's program that calls a running node. Absent in a container. */
  readonly call?: string | undefined;
  /** Erlang's port mapper. Absent in a container, where the server starts its own. */
  readonly epmd?: string;
  /** Folder with Erlang's programs, if they are not in `PATH`. */
  readonly erlang?: string;
  /** The user that must run it if the caller is root. */
  readonly user?: string;
  readonly container?: Container;
}

/** The tested versions, newest first, with the Debian suites that contain them. */
export const rabbitMQVersions: readonly { readonly version: string; readonly suite: string }[] = [
  { version: '4.3', suite: 'sid' },
  { version: '4.0', suite: 'trixie' },
  { version: '3.10', suite: 'bookworm' },
];

const PACKAGE = 'rabbitmq-server';

/** Debian's scripts in `PATH` require the system's service. The scripts in this folder do not. */
const debianScripts = '/usr/lib/rabbitmq/bin';

/**
 * Finds, unpacks or installs `rabbitmq-server`.
 *
 * @param wanted - the version or its beginning. Default: `RABBITMQ_VERSION`, or else the newest available version
 * @throws {BrokerUnavailableError}
 */
export function locateRabbitMQ(
  wanted: string | undefined = readEnvironment().versions.rabbitmq,
): Promise<RabbitMQProgram & { source: BrokerSource }> {
  const installedAndWanted = (): RabbitMQProgram | string => {
    const program = installed();
    if (program === undefined) return 'no rabbitmq-server and epmd in PATH';
    return satisfies(program.version, wanted) ? program : `the installed version is RabbitMQ ${program.version}`;
  };
  return firstThatWorks<RabbitMQProgram>(
    'rabbitmq',
    [
      { source: 'unpacked', find: () => unpacked(wanted) },
      { source: 'installed', find: async () => installedAndWanted() },
      {
        source: 'container',
        find: async () => {
          const version = wanted ?? newest;
          const container = await findContainer(`docker.io/library/rabbitmq:${version}-management`);
          return typeof container === 'string'
            ? container
            : { version, server: 'rabbitmq-server', ctl: 'rabbitmqctl', container };
        },
      },
      {
        source: 'apt-get',
        find: async () => {
          const obstacle = await installWithApt([PACKAGE], () => installed() !== undefined);
          return obstacle ?? installedAndWanted();
        },
      },
    ],
    `install rabbitmq-server${wanted === undefined ? '' : ` ${wanted}`}, or set RABBITMQ_URL`,
  );
}

const newest = rabbitMQVersions[0]?.version as string;

async function unpacked(wanted: string | undefined): Promise<RabbitMQProgram | string> {
  const cached = cachedPackage(PACKAGE, wanted);
  const suffices = cached !== undefined && (wanted !== undefined || newestFirst(cached.version, newest) <= 0);
  const found = suffices ? cached : await unpackFirst(suitesFor(wanted), PACKAGE, wanted);
  if (typeof found !== 'string') return programIn(found);
  return cached === undefined ? found : programIn(cached);
}

/** Without a requested version, the newest suites are used. A requested version may have moved to another suite. */
function suitesFor(wanted: string | undefined): readonly string[] {
  const suites = rabbitMQVersions.map(({ suite }) => suite);
  if (wanted === undefined) return suites;
  const usual = rabbitMQVersions.filter(({ version }) => satisfies(wanted, version)).map(({ suite }) => suite);
  return [...new Set([...usual, ...suites])];
}

function programIn({ folder, version }: Unpacked): RabbitMQProgram {
  const scripts = join(folder, debianScripts);
  const erlang = join(folder, 'usr/lib/erlang/bin');
  return {
    ...{ version, erlang, epmd: join(erlang, 'epmd') },
    ...{ server: join(scripts, 'rabbitmq-server'), ctl: join(scripts, 'rabbitmqctl'), call: join(erlang, 'erl_call') },
  };
}

function installed(): RabbitMQProgram | undefined {
  const server = findExecutable('rabbitmq-server', [debianScripts]);
  const epmd = findExecutable('epmd');
  if (server === undefined || epmd === undefined) return undefined;
  const scripts = dirname(server);
  const call = findExecutable('erl_call');
  return { version: versionBeside(scripts), server, ctl: join(scripts, 'rabbitmqctl'), call, epmd, user: 'rabbitmq' };
}

/** The version in the name of the program's library folder. `0` if it is unknown. */
function versionBeside(scripts: string): string {
  const libraries = join(dirname(scripts), 'lib');
  const names = existsSync(libraries) ? readdirSync(libraries) : [];
  return names.map((name) => /^rabbitmq_server-([\d.]+)$/.exec(name)?.[1]).find((version) => version) ?? '0';
}
