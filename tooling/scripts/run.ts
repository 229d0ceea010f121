import { spawn } from 'node:child_process';

/** A finished command. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Where and with what a command runs. */
export interface RunOptions {
  readonly cwd?: string;
  /** Variables in addition to those of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end. With `quiet`, returns its output to the caller. Otherwise, shows it immediately. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly quiet?: boolean } = {},
): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('error', reject);
  child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  return promise;
}

/**
 * Runs a command to its end, and returns its output.
 *
 * @throws Error - the command failed; the message has its output
 */
export async function mustRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(command, args, { ...options, quiet: true });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${output}`);
  return output;
}

const PNPM = 'pnpm@12.21.0';

/**
 * The package manager: the one that started this process if it has the version of this repository, because npx takes
 * longer than most of its commands. Otherwise npx gets it.
 */
export function packageManager({ npm_execpath: started, npm_config_user_agent: agent = '' } = process.env): {
  command: string;
  args: string[];
} {
  const isOurs = started !== undefined && agent.startsWith(`${PNPM.replace('@', '/')} `);
  if (!isOurs) return { command: 'npx', args: ['-y', PNPM] };
  return /\.[cm]?js$/.test(started) ? { command: process.execPath, args: [started] } : { command: started, args: [] };
}
