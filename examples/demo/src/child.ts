import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A command of one of these packages, run from source. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first JSON line of its output that `matches`; rejects if it exits before. */
  line(matches: (entry: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Stops it with SIGTERM, as an operator would. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `bin` of `packageName` in its own process. */
export function startCommand(bin: URL, args: readonly string[], env: Record<string, string>): Child {
  const child = spawn(process.execPath, ['--conditions=@slack-mcp/source', fileURLToPath(bin), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const entries: Record<string, unknown>[] = [];
  const tail: string[] = [];
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      tail.push(text);
      if (tail.length > 20) tail.shift();
      const entry = parse(text);
      if (entry !== undefined) entries.push(entry);
      for (const watch of watchers) watch();
    });
  }
  return {
    process: child,
    async line(matches) {
      const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
      const watch = (): void => {
        const found = entries.find(matches);
        if (found !== undefined) resolve(found);
      };
      watchers.add(watch);
      watch();
      void exited.then((code) => reject(new Error(`${fileURLToPath(bin)} exited with ${code}\n${tail.join('\n')}`)));
      return promise.finally(() => watchers.delete(watch));
    },
    stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      return exited;
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
