/**
 * A signal that is aborted when its time is over, or another signal is. To be disposed of once it is not needed any
 * more: `AbortSignal.timeout` would keep alive what listens to it, here whole answers, until its time is over.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #other: AbortSignal | undefined;
  #isOver = false;

  /**
   * @param timeoutMs - milliseconds from now
   * @param reason - why it is aborted then; default: a `TimeoutError`
   */
  constructor(timeoutMs: number, other: AbortSignal | undefined, reason?: Error) {
    this.#other = other;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort(reason ?? new DOMException('The time is over.', 'TimeoutError'));
    }, timeoutMs);
    if (other?.aborted) this.#follow();
    else other?.addEventListener('abort', this.#follow);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether its time came before anything else. */
  get isOver(): boolean {
    return this.#isOver;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#other?.removeEventListener('abort', this.#follow);
  }

  readonly #follow = (): void => this.#controller.abort(this.#other?.reason);
}
