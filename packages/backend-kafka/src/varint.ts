/** Appends a non-negative integer with 7 bits per byte, least significant bits first. */
export function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Reads integers that {@link writeVarint} wrote. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get position(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** @throws RangeError - the bytes end within the integer, or the integer is too large */
  read(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
      if (byte === undefined) throw new RangeError('cannot decode an integer: the bytes end too early');
      this.#at += 1;
      value += (byte & 127) * factor;
      if (!Number.isSafeInteger(value)) throw new RangeError('cannot decode an integer: it is too large');
      if (byte < 128) return value;
    }
  }
}
