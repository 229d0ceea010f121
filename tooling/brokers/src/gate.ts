/** What is to pass waits while it is shut. */
export class Gate {
  #opened = Promise.resolve();
  #open: (() => void) | undefined;

  /** Resolves while it is open, or once it is opened. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** Idempotent. */
  shut(): void {
    if (this.#open !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#opened = promise;
    this.#open = resolve;
  }

  open(): void {
    this.#open?.();
    this.#open = undefined;
  }
}
