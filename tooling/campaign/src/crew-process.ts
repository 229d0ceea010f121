import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@slack-mcp/brokers';
import type { Finish, Grant, PublisherOrders, WorkerOrders } from './orders.ts';

/** Milliseconds for a process to start, or to leave in order. */
const PATIENCE_MS = 60_000;

/** A worker or publisher as a process of its own. It ends when this process ends, however it ends. */
export class CrewProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #started = false;
  #expected = false;

  /** @param log - file for what it writes to standard error */
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
    // A message to a process that has just been killed is of no interest.
    this.#child.on('error', () => undefined);
    this.#child.send(orders);
  }

  /** Calls back when the process ends by itself: not after `kill` or `leave`. */
  onUnexpectedExit(callback: (code: number | null) => void): void {
    this.#child.once('exit', (code) => {
      if (!this.#expected) callback(code);
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves once it has reported that it works. */
  async started(): Promise<void> {
    await waitFor('a process to start', () => this.#started || !this.running, { timeoutMs: PATIENCE_MS });
  }

  grant(limit: number): void {
    if (this.running) this.#child.send({ limit } satisfies Grant, () => undefined);
  }

  finish(): void {
    if (this.running) this.#child.send({ finish: true } satisfies Finish, () => undefined);
  }

  /** SIGKILL. Resolves once it is gone. */
  async kill(): Promise<void> {
    this.#expected = true;
    if (!this.running) return;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGTERM, once it can heed it. Resolves to its exit code. @throws {Error} when it stays. */
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
