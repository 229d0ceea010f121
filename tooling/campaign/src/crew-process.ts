import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@slack-mcp/brokers';
import type { Finish, Grant, PublisherOrders, WorkerOrders } from './orders.ts';

/** Milliseconds for a process to start or to shut down cleanly. */
const PATIENCE_MS = 180_000;

/** A worker or publisher process. It ends when this process ends for any reason. */
export class CrewProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #started = false;
  #expected = false;

  /** @param log - file for its standard error */
  constructor(main: 'worker-main' | 'publisher-main', orders: WorkerOrders | PublisherOrders, log: string) {
    const file = openSync(log, 'a');
    this.#child = fork(fileURLToPath(new URL(`./${main}.ts`, import.meta.url)), [], {
      execArgv: ['--conditions=@slack-mcp/source'],
      stdio: ['ignore', file, file, 'ipc'],
    });
    closeSync(file);
    this.#exited = once(this.#child, 'exit');
    this.#child.once('message', () => {
      this.#started = true;
    });
    // Ignore failures to send a message to a process that was just killed.
    this.#child.on('error', () => undefined);
    this.#child.send(orders);
  }

  /** Calls back when the process ends by itself, but not after `kill` or `leave`. */
  onUnexpectedExit(callback: (code: number | null) => void): void {
    this.#child.once('exit', (code) => {
      if (!this.#expected) callback(code);
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process has reported that it has started. */
  async started(): Promise<void> {
    await waitFor('a process to start', () => this.#started || !this.running, { timeoutMs: PATIENCE_MS });
  }

  grant(limit: number): void {
    if (this.running) this.#child.send({ limit } satisfies Grant, () => undefined);
  }

  finish(): void {
    if (this.running) this.#child.send({ finish: true } satisfies Finish, () => undefined);
  }

  /** Kills it with SIGKILL. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.#expected = true;
    if (!this.running) return;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Sends SIGTERM when it can handle the signal. Resolves to its exit code. @throws {Error} if it does not end */
  async leave(): Promise<number | null> {
    this.#expected = true;
    await this.started();
    this.#child.kill('SIGTERM');
    try {
      await waitFor('a worker to leave', () => !this.running, { timeoutMs: PATIENCE_MS });
    } catch (error) {
      await this.kill();
      throw error;
    }
    return this.#child.exitCode;
  }
}
