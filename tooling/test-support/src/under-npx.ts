/** Starts its arguments as a child, as npx does: it passes no signal on. */
const NPX = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' });
setInterval(() => {}, 2 ** 30);`;

/** The arguments of Node that run `args` in a child of that process. Together with `NPX_ENV`, as npx does. */
export function underNpx(args: readonly string[]): string[] {
  return ['-e', NPX, '--', ...args];
}

/** What npx adds to the environment of a command. */
export const NPX_ENV = { npm_command: 'exec' };
