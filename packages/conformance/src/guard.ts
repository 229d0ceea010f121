import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from './check.ts';

type Listener = (...args: unknown[]) => void;

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/**
 * Catches what nobody handles: rejections, exceptions and warnings of too many listeners, each attributed to the run
 * in whose asynchronous context it arose. What arose elsewhere goes to the listeners that were there before.
 */
export class Guard implements Disposable {
  readonly #storage = new AsyncLocalStorage<string[]>();
  readonly #previous: Record<(typeof EVENTS)[number], Listener[]>;
  readonly #own: Record<(typeof EVENTS)[number], Listener>;

  constructor() {
    this.#previous = {
      unhandledRejection: process.listeners('unhandledRejection') as Listener[],
      uncaughtException: process.listeners('uncaughtException') as Listener[],
    };
    this.#own = {
      unhandledRejection: (...args) => this.#handle('unhandledRejection', args),
      uncaughtException: (...args) => this.#handle('uncaughtException', args),
    };
    for (const event of EVENTS) {
      for (const listener of this.#previous[event]) process.removeListener(event, listener);
      process.on(event, this.#own[event]);
    }
    process.on('warning', this.#warn);
  }

  /** Resolves what went unhandled while `work` ran. Rejects as `work` does. */
  async watch(work: () => Promise<void>): Promise<string[]> {
    const seen: string[] = [];
    await this.#storage.run(seen, async () => {
      await work();
      // Rejections are reported after the microtasks of a turn.
      await new Promise((resolve) => setImmediate(resolve));
    });
    return seen;
  }

  [Symbol.dispose](): void {
    for (const event of EVENTS) {
      process.removeListener(event, this.#own[event]);
      for (const listener of this.#previous[event]) process.on(event, listener as never);
    }
    process.removeListener('warning', this.#warn);
  }

  #handle(event: (typeof EVENTS)[number], args: unknown[]): void {
    const seen = this.#storage.getStore();
    const what = event === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception';
    if (seen !== undefined) {
      seen.push(`${what}: ${describeError(args[0])}`);
      return;
    }
    if (this.#previous[event].length === 0) {
      // As without a listener: the process must not go on as if nothing had happened.
      setImmediate(() => {
        this[Symbol.dispose]();
        throw args[0];
      });
      return;
    }
    for (const listener of this.#previous[event]) listener(...args);
  }

  readonly #warn = (warning: Error): void => {
    if (warning.name === 'MaxListenersExceededWarning') {
      this.#storage.getStore()?.push(`too many listeners: ${warning.message}`);
    }
  };
}
