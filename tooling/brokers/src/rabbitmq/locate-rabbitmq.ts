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
  /** The port mapper of Erlang; absent in a container, where the server starts its own. */
  readonly epmd?: string;
  /** Folder with the programs of Erlang, where they are not in `PATH`. */
  readonly erlang?: string;
  /** The user who must run it when the caller is root. */
  readonly user?: string;
  readonly container?: Container;
}

/** The versions that tests are run on, the newest first, with the suites of Debian that have them. */
export const rabbitMQVersions: readonly { readonly version: string; readonly suite: string }[] = [
  { version: '4.3', suite: 'sid' },
  { version: '4.0', suite: 'trixie' },
  { version: '3.10', suite: 'bookworm' },
];

const PACKAGE = 'rabbitmq-server';

/** Debian's scripts in `PATH` insist on the system's service; these here do not. */
const debianScripts = '/usr/lib/rabbitmq/bin';

/**
 * Finds, unpacks or installs `rabbitmq-server`.
 *
 * @param wanted - the version, or how it begins. Default: `RABBITMQ_VERSION`, else the newest that can be had
 * @throws {BrokerUnavailableError}
 */
export function locateRabbitMQ(
  wanted: string | undefined = readEnvironment().versions.rabbitmq,
): Promise<RabbitMQProgram & { source: BrokerSource }> {
  const installedAndWanted = (): RabbitMQProgram | string => {
    const program = installed();
    if (program === undefined) return 'no rabbitmq-server and epmd in PATH';
    return satisfies(program.version, wanted) ? program : `installed is RabbitMQ ${program.version}`;
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

/** Any version will do from the newest suites; a version that is wanted may have moved to another suite. */
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
    ...{ server: join(scripts, 'rabbitmq-server'), ctl: join(scripts, 'rabbitmqctl') },
  };
}

function installed(): RabbitMQProgram | undefined {
  const server = findExecutable('rabbitmq-server', [debianScripts]);
  const epmd = findExecutable('epmd');
  if (server === undefined || epmd === undefined) return undefined;
  const scripts = dirname(server);
  return { version: versionBeside(scripts), server, ctl: join(scripts, 'rabbitmqctl'), epmd, user: 'rabbitmq' };
}

/** The version by the name of the folder that holds the program's library; `0` where that cannot be told. */
function versionBeside(scripts: string): string {
  const libraries = join(dirname(scripts), 'lib');
  const names = existsSync(libraries) ? readdirSync(libraries) : [];
  return names.map((name) => /^rabbitmq_server-([\d.]+)$/.exec(name)?.[1]).find((version) => version) ?? '0';
}
