import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from './check.ts';

type Listener = (...args: unknown[]) => void;
type Owned = Listener & { [OWNER]?: unknown };

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/** Marks the listeners of a guard, so that concurrent runs in a process can share the guard. */
const OWNER = Symbol.for('@slack-mcp/conformance/guard');

/**
 * Catches unhandled rejections, uncaught exceptions and warnings about too many listeners, and assigns each to the run
 * whose asynchronous context caused it. The guard passes all other events to the listeners that were installed before
 * it.
 */
export class Guard implements Disposable {
  readonly #storage = new AsyncLocalStorage<string[]>();
  #users = 1;
  readonly #previous: Record<(typeof EVENTS)[number], Listener[]>;
  readonly #own: Record<(typeof EVENTS)[number], Listener>;

  /** Returns the existing guard of this process or installs a new one. Dispose of the guard after the run. */
  static install(): Guard {
    for (const listener of process.listeners('unhandledRejection')) {
      const owner = (listener as Owned)[OWNER];
      if (!(owner instanceof Guard)) continue;
      owner.#users += 1;
      return owner;
    }
    return new Guard();
  }

  private constructor() {
    this.#previous = {
      unhandledRejection: process.listeners('unhandledRejection') as Listener[],
      uncaughtException: process.listeners('uncaughtException') as Listener[],
    };
    this.#own = {
      unhandledRejection: this.#listener('unhandledRejection'),
      uncaughtException: this.#listener('uncaughtException'),
    };
    for (const event of EVENTS) {
      for (const listener of this.#previous[event]) process.removeListener(event, listener);
      process.on(event, this.#own[event]);
    }
    process.on('warning', this.#warn);
  }

  /** Runs `work` and resolves with the errors that `work` did not handle. Rejects if `work` rejects. */
  async watch(work: () => Promise<void>): Promise<string[]> {
    const seen: string[] = [];
    await this.#storage.run(seen, async () => {
      await work();
      // Rejections are reported after the microtasks of a turn.
      await new Promise((resolve) => setImmediate(resolve));
    });
    return seen;
  }

  /** Releases the guard. The last release restores the original listeners. */
  [Symbol.dispose](): void {
    this.#users -= 1;
    if (this.#users === 0) this.#uninstall();
  }

  #uninstall(): void {
    for (const event of EVENTS) {
      process.removeListener(event, this.#own[event]);
      for (const listener of this.#previous[event]) process.on(event, listener as never);
    }
    process.removeListener('warning', this.#warn);
  }

  #listener(event: (typeof EVENTS)[number]): Owned {
    return Object.assign((...args: unknown[]) => this.#handle(event, args), { [OWNER]: this });
  }

  #handle(event: (typeof EVENTS)[number], args: unknown[]): void {
    const seen = this.#storage.getStore();
    const what = event === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception';
    if (seen !== undefined) {
      seen.push(`${what}: ${describeError(args[0])}`);
      return;
    }
    if (this.#previous[event].length === 0) {
      // As without a listener: the process must not continue after an uncaught error.
      setImmediate(() => {
        this.#uninstall();
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
