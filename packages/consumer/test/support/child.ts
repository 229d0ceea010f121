import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment, killUnderNpx, NPX_ENV, underNpx } from '@slack-mcp/test-support';
import { expect, onTestFinished } from 'vitest';
import { bundled, sourceOf } from './bundled.ts';
import { DEADLINE } from './workplace.ts';

/** A program in a separate process, ended after the test. */
export interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when it has printed `text`. */
  printed(text: string): Promise<void>;
}

/**
 * Runs a TypeScript file of this package. `path` is relative to the package.
 *
 * @param options - `npx`: whether npx starts it; `process` is then npx. `source`: Node runs the file itself, instead of
 *   its bundle, which starts in half of the processor time
 */
export function start(
  path: string,
  args: readonly string[] = [],
  options: { cwd?: string; env?: object; npx?: boolean; source?: boolean } = {},
): Child {
  const command = ['--conditions=@slack-mcp/source', options.source ? sourceOf(path) : bundled(path), ...args];
  const child = spawn(process.execPath, options.npx ? underNpx(command) : command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    detached: options.npx ?? false,
    env: childEnvironment({ ...options.env, ...(options.npx && NPX_ENV) }),
  });
  const text = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.errors += chunk;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
    child.on('error', reject);
  });
  onTestFinished(async () => {
    if (options.npx) killUnderNpx(child);
    else child.kill('SIGKILL');
    await ended;
  });
  return {
    process: child,
    output: () => text.output,
    errors: () => text.errors,
    ended,
    printed: async (wanted) => {
      await expect.poll(() => text.output + text.errors, DEADLINE).toContain(wanted);
    },
  };
}
