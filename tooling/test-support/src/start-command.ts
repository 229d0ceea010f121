import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './child-environment.ts';

const LINE_MS = 60_000;

/** A running command. */
export interface Child {
  readonly process: ChildProcess;
  /** The last lines of its output. */
  readonly output: readonly string[];
  /** Resolves with the first JSON line of its output that `matches`; rejects if it exits before, or after 60 s. */
  line(matches: (entry: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Stops it with SIGTERM, as an operator would. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** The source of a command of these packages, for example `binOf('server', 'slack-webhook-server')`. */
export function binOf(packageName: string, name: string): string {
  return fileURLToPath(new URL(`../../../packages/${packageName}/src/bin/${name}.ts`, import.meta.url));
}

/** Where and with what a command runs. */
export interface CommandOptions {
  /** Its variables, in addition to `PATH`. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Its name in errors. */
  readonly title?: string;
}

/** Runs a source file in its own process. */
export function startSource(file: string, args: readonly string[], options: CommandOptions): Child {
  return startCommand(process.execPath, ['--conditions=@slack-mcp/source', file, ...args], { title: file, ...options });
}

/** Starts a command. */
export function startCommand(command: string, args: readonly string[], options: CommandOptions): Child {
  const { title = command, env, cwd } = options;
  const child = spawn(command, args, {
    cwd,
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const entries: Record<string, unknown>[] = [];
  const output: string[] = [];
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      output.push(text);
      if (output.length > 20) output.shift();
      const entry = parse(text);
      if (entry !== undefined) entries.push(entry);
      for (const watch of watchers) watch();
    });
  }
  return {
    process: child,
    output,
    async line(matches) {
      const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
      const watch = (): void => {
        const found = entries.find(matches);
        if (found !== undefined) resolve(found);
      };
      watchers.add(watch);
      watch();
      const fail = (what: string): void => reject(new Error(`${title} ${what}\n${output.join('\n')}`));
      void exited.then((code) => fail(`exited with ${code}`));
      const timer = setTimeout(() => fail(`did not print the expected line within ${LINE_MS} ms`), LINE_MS);
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watch);
      });
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
