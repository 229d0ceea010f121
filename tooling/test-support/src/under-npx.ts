import type { ChildProcess } from 'node:child_process';

/** Starts its arguments as a child, as npx does: it passes no signal on. */
const NPX = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' });
setInterval(() => {}, 2 ** 30);`;

/** The arguments of Node that run `args` in a child of that process. Together with `NPX_ENV`, as npx does. */
export function underNpx(args: readonly string[]): string[] {
  return ['-e', NPX, '--', ...args];
}

/**
 * Kills npx and what it started, which outlives it. npx must have been spawned with `detached: true`.
 *
 * @param npx - the process of npx; its group is killed
 */
export function killUnderNpx(npx: ChildProcess): void {
  try {
    if (npx.pid !== undefined) process.kill(-npx.pid, 'SIGKILL');
  } catch {
    // All of its processes have ended.
  }
}

/** What npx adds to the environment of a command. */
export const NPX_ENV = { npm_command: 'exec' };
