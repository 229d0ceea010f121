/** A gate that callers wait for while it is shut. */
export class Gate {
  #opened = Promise.resolve();
  #open: (() => void) | undefined;

  /** Resolves when the gate is open. */
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
