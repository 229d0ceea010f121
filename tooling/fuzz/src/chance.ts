/** Repeatable random choices: the same for the same seeds on every machine (splitmix32). */
export class Chance {
  #state: number;

  constructor(...seeds: readonly number[]) {
    this.#state = seeds.reduce((mixed, seed) => mix((mixed ^ seed) + 0x9e3779b9), 0x5bd1e995);
  }

  /** A whole number from 0 to `below` − 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return Math.floor(((mix(this.#state) >>> 0) / 2 ** 32) * below);
  }

  /** `true` once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.below(256);
    return bytes;
  }

  /** Letters and digits. */
  word(length: number): string {
    return this.bytes(length).toString('base64url').slice(0, length);
  }
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
