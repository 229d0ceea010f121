import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Env } from '../config/env.ts';

const LOCKFILES: readonly (readonly [file: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm add'],
  ['yarn.lock', 'yarn add'],
  ['bun.lock', 'bun add'],
  ['package-lock.json', 'npm install'],
];

/**
 * Returns the shell command that installs a package with the package manager of the application.
 *
 * @param appRoot - the folder of the application; without it, the environment determines the package manager
 */
export function installCommand(packageName: string, appRoot: string | undefined, env: Env): string {
  const manager = appRoot === undefined ? undefined : fromLockfile(resolve(appRoot));
  return `${manager ?? fromUserAgent(env) ?? 'npm install'} ${packageName}`;
}

function fromLockfile(folder: string): string | undefined {
  const found = LOCKFILES.find(([file]) => existsSync(join(folder, file)));
  if (found) return found[1];
  const parent = dirname(folder);
  return parent === folder ? undefined : fromLockfile(parent);
}

/**
 * Reads the package manager from `npm_config_user_agent`. Package managers set this variable for the scripts that they
 * run, for example to `pnpm/10.0.0 npm/? node/v24.0.0`.
 */
function fromUserAgent(env: Env): string | undefined {
  const manager = env['npm_config_user_agent']?.split('/', 1)[0];
  return LOCKFILES.find(([, command]) => command.startsWith(`${manager} `))?.[1];
}
