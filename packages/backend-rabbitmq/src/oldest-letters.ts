import type { DeadLetter } from '@slack-mcp/core';

/** Selects the oldest of any number of dead letters. Holds at most twice as many as it returns. */
export class OldestLetters {
  readonly #most: number;
  #letters: DeadLetter[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(letter: DeadLetter): void {
    this.#letters.push(letter);
    if (this.#letters.length >= 2 * this.#most) this.#letters = this.sorted();
  }

  sorted(): DeadLetter[] {
    return this.#letters.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, this.#most);
  }
}
