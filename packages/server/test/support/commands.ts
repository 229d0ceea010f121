import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, killUnderNpx, NPX_ENV, underNpx } from '@slack-mcp/test-support';
import { commandHost } from '@slack-mcp/test-support/command-host';
import { inject, onTestFinished } from 'vitest';
import type { commandNames } from './command-names.ts';

export type CommandName = (typeof commandNames)[number];

export interface CommandOptions {
  readonly args?: readonly string[];
  /** The process inherits nothing except {@link childEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a new, empty folder. */
  readonly cwd?: string;
  /** Whether npx starts it: `child` is then npx. */
  readonly npx?: boolean;
  /** Where to register the cleanup; a concurrent test passes its own. */
  readonly onFinished?: OnFinished;
}

type OnFinished = (clean: () => void) => void;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command in its own process, run from a bundle of its sources. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** The first log entry with this message. Rejects if the process ends before. */
  logged(message: string): Promise<Record<string, unknown>>;
}

/** A folder that is removed with the test. */
export function temporaryFolder(onFinished: OnFinished = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'slack-mcp-server-'));
  onFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a command; it is killed at the end of the test at the latest. */
export function startCommand(name: CommandName, options: CommandOptions = {}): RunningCommand {
  const { args = [], env = {}, npx = false, onFinished = onTestFinished, cwd = temporaryFolder(onFinished) } = options;
  const command = ['--conditions=@slack-mcp/source', fileOf(name), ...args];
  const child = spawn(process.execPath, npx ? underNpx(command) : command, {
    cwd,
    detached: npx,
    env: childEnvironment({ ...env, ...(npx && NPX_ENV) }),
  });
  onFinished(() => {
    if (npx) killUnderNpx(child);
    else child.kill('SIGKILL');
  });

  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const check of waiting) check();
  });
  const ended = once(child, 'close').then(
    ([code, signal]) => ({ code, signal, stdout, stderr: stderr.trimEnd() }) as Ended,
  );

  function logged(message: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = stderr
          .split('\n')
          .map(parse)
          .find((entry) => entry['message'] === message);
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before ${message}: ${stderr}`)));
    });
  }

  return { child, ended, logged };
}

/** Runs a command until it ends, with empty standard input. */
export function runCommand(name: CommandName, options: CommandOptions = {}): Promise<Ended> {
  const { child, ended } = startCommand(name, options);
  child.stdin.end();
  return ended;
}

/**
 * Returns a function that runs commands until they end, in one process for all tests of the file. See `commandHost`:
 * each command must have a test that runs it in its own process.
 */
export function hostedCommands(): (name: CommandName, options?: CommandOptions) => Promise<Omit<Ended, 'signal'>> {
  const run = commandHost();
  return async (name, { args = [], env = {}, cwd = temporaryFolder() } = {}) => {
    const ended = await run({ file: fileOf(name), args, env, cwd });
    return { ...ended, stderr: ended.stderr.trimEnd() };
  };
}

const fileOf = (name: CommandName): string => join(inject('commands'), `${name}.mjs`);

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
