/** Reads values in the format of Kafka's protocol, one after the other. */
export class ByteReader {
  readonly #bytes: Buffer;
  /** The position of the next byte. */
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  int8(): number {
    this.position += 1;
    return this.#bytes.readInt8(this.position - 1);
  }

  int16(): number {
    this.position += 2;
    return this.#bytes.readInt16BE(this.position - 2);
  }

  int32(): number {
    this.position += 4;
    return this.#bytes.readInt32BE(this.position - 4);
  }

  /** Numbers above 2^53 are not exact. */
  int64(): number {
    return this.int32() * 2 ** 32 + (this.int32() >>> 0);
  }

  /** Reads a signed integer with 7 bits per byte. Numbers above 2^53 are not exact. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.position] ?? 0;
      this.position += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
  }

  /** Reads a 16-bit length, then a text of that length. */
  string(): string {
    return this.text(this.int16());
  }

  /** Reads a UTF-8 text of `length` bytes. */
  text(length: number): string {
    this.position += length;
    return this.#bytes.toString('utf8', this.position - length, this.position);
  }

  /** Reads a length as a varint, then that many bytes. A negative length means that there is no value. */
  varintBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.bytes(length);
  }

  bytes(length: number): Buffer {
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }
}
