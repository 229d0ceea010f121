/** The pass that stands for a dead letter that was removed. */
const REMOVED = 0;

/**
 * The dead letters that a scan has read, by their ids. After a lost channel, a scan begins another pass, in which RabbitMQ
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
   * Notes a dead letter. Returns `new`; or `kept` if an earlier pass read it and did not remove it; or `gone` if it is
   * a copy of a dead letter: its removal was lost with the channel, or it was parked twice.
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
