import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { packageManager } from '../../scripts/run.ts';
import { type BenchLine, parseBenchLines } from './bench-line.ts';

/** The benchmark rejected its arguments. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** Runs the script `bench` of the tree in `folder` and resolves to its lines. Aborting ends all its processes. */
export async function runBench(folder: string, args: readonly string[], signal?: AbortSignal): Promise<BenchLine[]> {
  const { command, args: prefix } = packageManager();
  const child = spawn(command, [...prefix, 'run', 'bench', ...args, '--json'], {
    cwd: folder,
    ...(signal && { signal }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return parseBenchLines(Buffer.concat(out).toString());
  const message = `pnpm bench ${args.join(' ')} in ${folder} exited with ${code}:\n${Buffer.concat(err)}`;
  throw code === 2 ? new WrongUse(message) : new Error(message);
}
