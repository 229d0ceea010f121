/** Lets only one caller at a time use a queue, in the order of the calls. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(queue: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(queue);
    const mine = before === undefined ? run() : before.then(run, run);
    this.#last.set(queue, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(queue) === mine) this.#last.delete(queue);
    }
  }
}
