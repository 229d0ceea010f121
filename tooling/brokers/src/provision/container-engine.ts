import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DaemonSignals } from '../daemon.ts';
import { findExecutable } from './find-executable.ts';

const execute = promisify(execFile);

/** Runs a broker's own command line inside an image. */
export interface Container {
  readonly engine: string;
  readonly image: string;
}

/** How to run, enter and stop a container. */
export interface ContainedCommand {
  readonly command: readonly string[];
  /** The command line that runs another program in the container. */
  execute(...args: string[]): string[];
  readonly signals: DaemonSignals;
}

/** The first of docker and podman that responds, or a reason. */
export async function findContainer(image: string): Promise<Container | string> {
  for (const name of ['docker', 'podman']) {
    const engine = findExecutable(name);
    if (engine === undefined) continue;
    const responds = await execute(engine, ['info'], { timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (responds) return { engine, image };
  }
  return 'no container engine responds (docker, podman)';
}

/**
 * The command line that runs `command` in a container as this user, with the host's network and the folder at the same
 * path, so that it behaves like a native process. The folder's reaper removes the container.
 */
export function inContainer(
  { engine, image }: Container,
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ContainedCommand {
  const name = `slack-mcp-${randomBytes(6).toString('hex')}`;
  appendFileSync(join(folder, 'on-removal'), `'${engine}' rm --force ${name}\n`);
  const user = `${process.getuid?.()}:${process.getgid?.()}`;
  const on =
    (...args: string[]) =>
    async (): Promise<void> => {
      await execute(engine, [...args, name]);
    };
  const variables = Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
  return {
    command: [
      ...[engine, 'run', '--rm', '--init', '--name', name, '--network', 'host', '--user', user],
      ...['--volume', `${folder}:${folder}`, '--workdir', folder, ...variables, image, ...command],
    ],
    execute: (...args) => [engine, 'exec', name, ...args],
    signals: { kill: on('rm', '--force'), pause: on('pause'), resume: on('unpause') },
  };
}
