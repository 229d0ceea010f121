/**
 * A signal that aborts when its time is up or when another signal aborts. Dispose of the deadline after use to free its
 * listeners; the listeners of `AbortSignal.timeout` would stay in memory until the timeout.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #other: AbortSignal | undefined;
  #isOver = false;

  /**
   * @param timeoutMs - milliseconds from now
   * @param reason - the reason of the abort; default: a `TimeoutError`
   */
  constructor(timeoutMs: number, other: AbortSignal | undefined, reason?: Error) {
    this.#other = other;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort(reason ?? new DOMException('The operation timed out.', 'TimeoutError'));
    }, timeoutMs);
    if (other?.aborted) this.#follow();
    else other?.addEventListener('abort', this.#follow);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time ran out before the other signal aborted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#other?.removeEventListener('abort', this.#follow);
  }

  readonly #follow = (): void => this.#controller.abort(this.#other?.reason);
}
