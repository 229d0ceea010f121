import type { ResolvedPublish } from '@slack-mcp/core';

/** A message on its way to Redis, and who waits for it. */
export class PendingPublish {
  readonly message: ResolvedPublish;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly stored: Promise<void>;
  /** It may be at Redis although nobody said so. */
  sent = false;
  /** What Redis answered last instead of storing it. */
  refusal: Error | undefined;
  #resolve: (() => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #settled: (() => void) | undefined;

  /**
   * @param settled - called once, however it ends
   */
  constructor(message: ResolvedPublish, settled: () => void) {
    this.message = message;
    this.deadline = performance.now() + message.timeoutMs;
    this.#settled = settled;
    this.stored = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    message.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#settled === undefined;
  }

  resolve(): void {
    if (this.#settle()) this.#resolve?.();
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject?.(error);
  }

  readonly #onAbort = (): void => this.reject(this.message.signal?.reason);

  #settle(): boolean {
    const settled = this.#settled;
    if (settled === undefined) return false;
    this.#settled = undefined;
    this.message.signal?.removeEventListener('abort', this.#onAbort);
    settled();
    return true;
  }
}
