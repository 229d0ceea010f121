/** The number of the pass that marks a dead letter as removed. */
const REMOVED = 0;

/**
 * The dead letters that a scan has read, by id. If the channel is lost, the scan begins another pass, in which RabbitMQ
 * delivers all messages again.
 */
export class ScanProgress {
  readonly #passes = new Map<string, number>();
  #pass = 0;

  /** Number of dead letters that were read. */
  get size(): number {
    return this.#passes.size;
  }

  beginPass(): void {
    this.#pass += 1;
  }

  /**
   * Records that a dead letter was read. Returns `kept` if an earlier pass read it and did not remove it, `gone` if it
   * was removed before or read before in this pass (the removal was lost with the channel, or the message was parked
   * twice), and `new` otherwise.
   */
  note(id: string): 'new' | 'kept' | 'gone' {
    const pass = this.#passes.get(id);
    if (pass === REMOVED || pass === this.#pass) return 'gone';
    this.#passes.set(id, this.#pass);
    return pass === undefined ? 'new' : 'kept';
  }

  removed(id: string): void {
    this.#passes.set(id, REMOVED);
  }
}
