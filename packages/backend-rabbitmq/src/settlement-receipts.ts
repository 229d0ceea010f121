/** Number of settlements up to which RabbitMQ is asked at once, so that a consumer that awaits each one is fast. */
const FEW = 32;
/** Number of settlements after which RabbitMQ is asked although further ones follow. */
const MANY = 500;
/** Milliseconds without another settlement after which no further one is expected soon. */
const PAUSE_MS = 1;

/**
 * Finds out when settlements have arrived. RabbitMQ does not answer settlements, but it answers the requests of a
 * channel in order, so the answer to a later request shows that all settlements before the request have arrived.
 * Settlements that follow each other quickly share a request.
 */
export class SettlementReceipts {
  readonly #ask: () => Promise<unknown>;
  /** Number of settlements that no request has followed yet. */
  #waiting = 0;
  #receipt: PromiseWithResolvers<void> | undefined;
  #isAsking = false;
  /** Whether settlements were sent since the timer was last checked. */
  #isGrowing = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param ask - sends a request on the channel of the settlements; rejects if the channel is closed */
  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /**
   * Resolves when RabbitMQ has received all settlements that were sent before this call.
   *
   * @param count - number of settlements that were sent since the previous call
   * @throws Error - the channel was closed; the error is the reason
   */
  received(count: number): Promise<void> {
    this.#waiting += count;
    this.#isGrowing = true;
    this.#receipt ??= Promise.withResolvers();
    const { promise } = this.#receipt;
    if (!this.#isAsking) this.#consider();
    return promise;
  }

  /** Sends a request now, or after a pause in a quick series of settlements. */
  #consider(): void {
    if (this.#receipt === undefined) return;
    if (this.#waiting <= FEW || this.#waiting >= MANY) void this.#request(this.#receipt);
    else this.#timer ??= setTimeout(() => this.#check(), PAUSE_MS);
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#isAsking || this.#receipt === undefined) return;
    if (!this.#isGrowing) return void this.#request(this.#receipt);
    this.#isGrowing = false;
    this.#consider();
  }

  async #request(receipt: PromiseWithResolvers<void>): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#receipt = undefined;
    this.#waiting = 0;
    this.#isAsking = true;
    try {
      await this.#ask();
      receipt.resolve();
    } catch (error) {
      receipt.reject(error);
    }
    this.#isAsking = false;
    this.#consider();
  }
}
