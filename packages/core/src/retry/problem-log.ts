import type { Logger } from '../contract/logger.ts';

/** Maximum number of different problems that are logged before the operation succeeds again. */
const MAX_LOGGED = 20;

/** Logs why a repeated operation fails. Logs each different reason once until the operation succeeds again. */
export class ProblemLog {
  readonly #logger: Logger;
  readonly #event: string;
  readonly #logged = new Set<string>();

  /** @param event - the event name to log, for example `queue_read_failed` */
  constructor(logger: Logger, event: string) {
    this.#logger = logger;
    this.#event = event;
  }

  report(err: Error): void {
    if (this.#logged.has(err.message) || this.#logged.size >= MAX_LOGGED) return;
    this.#logged.add(err.message);
    this.#logger.warn({ err }, this.#event);
  }

  /** Call this method when the operation has succeeded. */
  clear(): void {
    this.#logged.clear();
  }
}
