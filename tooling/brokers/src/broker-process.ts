import type { BrokerNode } from './broker.ts';
import type { Daemon } from './daemon.ts';
import { waitFor } from './wait-for.ts';

/** The definition of a broker process. */
export interface BrokerProcessDefinition {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly daemon: Daemon;
  /** Resolves when the broker answers a real request of its protocol. Throws otherwise. */
  probe(): Promise<unknown>;
}

/** A broker process, which counts as up when it answers. */
export class BrokerProcess implements BrokerNode {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly url: string;
  readonly #definition: BrokerProcessDefinition;

  constructor(definition: BrokerProcessDefinition) {
    this.port = definition.port;
    this.url = definition.url;
    this.#definition = definition;
  }

  get pid(): number | undefined {
    return this.#definition.daemon.pid;
  }

  /** Whether it is running and not paused. */
  get responsive(): boolean {
    return this.#definition.daemon.running && !this.#definition.daemon.paused;
  }

  /** Starts it and waits until it answers. @throws {Error} with the end of its log */
  async start(): Promise<void> {
    const { name, daemon, probe } = this.#definition;
    daemon.start();
    const answered = async (): Promise<boolean> => {
      if (!daemon.running) return true;
      await probe();
      return true;
    };
    try {
      await waitFor(`${name} to answer`, answered, { timeoutMs: 120_000, intervalMs: 50 });
    } catch (error) {
      throw new Error(`${name} does not answer. Its log ends:\n${daemon.logTail()}`, { cause: error });
    }
    if (!daemon.running) throw new Error(`${name} exited during startup. Its log ends:\n${daemon.logTail()}`);
  }

  stop(): Promise<void> {
    return this.#definition.daemon.stop();
  }

  kill(): Promise<void> {
    return this.#definition.daemon.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  pause(): Promise<void> {
    return this.#definition.daemon.pause();
  }

  resume(): Promise<void> {
    return this.#definition.daemon.resume();
  }
}
