/** Writes values in the format of Kafka's protocol into a buffer of a given size. */
export class ByteWriter {
  readonly bytes: Buffer;
  position = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  int8(value: number): void {
    this.position = this.bytes.writeInt8(value, this.position);
  }

  int16(value: number): void {
    this.position = this.bytes.writeInt16BE(value, this.position);
  }

  int32(value: number): void {
    this.position = this.bytes.writeInt32BE(value, this.position);
  }

  int64(value: number | string): void {
    this.position = this.bytes.writeBigInt64BE(BigInt(value), this.position);
  }

  /** Writes the length of a text in 16 bits, then the text. */
  string(value: string): void {
    this.int16(Buffer.byteLength(value));
    this.position += this.bytes.write(value, this.position);
  }

  /** Writes a signed integer with 7 bits per byte. */
  varint(value: number): void {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    for (; rest > 127; rest = Math.floor(rest / 128)) {
      this.bytes[this.position] = (rest % 128) + 128;
      this.position += 1;
    }
    this.bytes[this.position] = rest;
    this.position += 1;
  }

  /** Writes the number of bytes as a varint, then the bytes. For `null`, writes a length of -1. */
  varintBytes(value: Buffer | null): void {
    this.varint(value === null ? -1 : value.length);
    if (value === null) return;
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  /** Writes the length of a text as a varint, then the text. */
  varintString(value: string): void {
    this.varint(Buffer.byteLength(value));
    this.position += this.bytes.write(value, this.position);
  }
}

/** Returns the number of bytes that {@link ByteWriter.varint} writes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value < 0 ? -2 * value - 1 : 2 * value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
  return size;
}
