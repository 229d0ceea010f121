import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './environment.ts';
import { isStopped } from './is-stopped.ts';
import { waitFor } from './wait-for.ts';

/** Registers its process group for the folder's reaper, then becomes the program. */
const launcher = ': > "$0/groups/$$" && [ ! -e "$0/closing" ] && exec "$@"';

/** Signals to a program. */
export interface DaemonSignals {
  kill(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface DaemonOptions {
  /** Name of the log file. */
  name: string;
  /** Its working folder, monitored by a reaper. */
  folder: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Replaces signals to the process group if these do not reach the program, as in a container. */
  signals?: DaemonSignals;
}

/** A program in its own process group, which can be started repeatedly. */
export class Daemon {
  readonly #options: DaemonOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #paused = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get paused(): boolean {
    return this.#paused;
  }

  start(): void {
    if (this.#child !== undefined) throw new Error(`${this.#options.name} is running already.`);
    const { folder, command, env } = this.#options;
    const log = openSync(this.#log, 'a');
    const child = spawn('sh', ['-c', launcher, folder, ...command], {
      cwd: folder,
      env: childEnvironment(env),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    this.#child = child;
    this.#paused = false;
    this.#exited = once(child, 'exit').finally(() => {
      this.#signalGroup('SIGKILL', child);
      rmSync(join(folder, 'groups', String(child.pid)), { force: true });
      this.#child = undefined;
    });
    this.#exited.catch(() => undefined);
  }

  /** Stops it gracefully, or kills it after `timeoutMs` (default 30,000). */
  async stop(timeoutMs = 30_000): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref();
    await this.resume();
    child.kill('SIGTERM');
    const late = new AbortController();
    const timedOut = sleep(timeoutMs, true, { signal: late.signal }).catch(() => false);
    if (await Promise.race([timedOut, this.#exited.then(() => false)])) await this.kill();
    late.abort();
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref();
    await this.#options.signals?.kill();
    this.#signalGroup('SIGKILL', child);
    await this.#exited;
  }

  /** Pauses it. */
  async pause(): Promise<void> {
    await this.#suspend('pause', 'SIGSTOP');
  }

  /** Continues after `pause`. */
  async resume(): Promise<void> {
    await this.#suspend('resume', 'SIGCONT');
  }

  /** The last lines of its log. */
  logTail(lines = 20): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  get #log(): string {
    return join(this.#options.folder, `${this.#options.name}.log`);
  }

  async #suspend(action: 'pause' | 'resume', signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#paused === (action === 'pause')) return;
    this.#paused = action === 'pause';
    const { signals } = this.#options;
    if (signals !== undefined) return signals[action]();
    this.#signalGroup(signal, child);
    const { pid } = child;
    if (action === 'pause' && pid !== undefined) await waitFor('the program to stop', () => isStopped(pid));
  }

  #signalGroup(signal: NodeJS.Signals, child: ChildProcess): void {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group no longer exists.
    }
  }
}
