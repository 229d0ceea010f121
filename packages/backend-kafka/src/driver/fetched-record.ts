import { isUtf8 } from 'node:buffer';
import type { IncomingRecord } from './api.ts';
import { ByteReader } from './byte-reader.ts';

/** The character that replaces bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * A record within the bytes of a response. Decodes each part on first access: many records are read ahead, and every
 * object that belongs to a waiting record costs the garbage collector time.
 */
export class FetchedRecord implements IncomingRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly size: number;
  readonly #bytes: Buffer;
  /** The position of the key. */
  readonly #position: number;

  constructor(bytes: Buffer, position: number, offset: number, timestamp: number, size: number) {
    this.#bytes = bytes;
    this.#position = position;
    this.offset = offset;
    this.timestamp = timestamp;
    this.size = size;
  }

  get key(): Buffer | null {
    return new ByteReader(this.#bytes, this.#position).varintBytes();
  }

  get value(): Buffer | null {
    return this.#afterKey().varintBytes();
  }

  get keyText(): string | undefined {
    const reader = new ByteReader(this.#bytes, this.#position);
    const length = reader.varint();
    return length < 0 ? undefined : reader.text(length);
  }

  // Without a buffer for each record, which costs more than the text.
  get valueText(): string | undefined {
    const reader = this.#afterKey();
    const length = reader.varint();
    if (length < 0) return undefined;
    const text = reader.text(length);
    return text.includes(REPLACEMENT) && !isUtf8(this.value as Buffer) ? undefined : text;
  }

  get headers(): readonly string[] {
    const reader = this.#afterKey();
    skipBytes(reader);
    const fields: string[] = [];
    for (let left = reader.varint(); left > 0; left -= 1) {
      const name = reader.text(reader.varint());
      const length = reader.varint();
      if (length >= 0) fields.push(name, reader.text(length));
    }
    return fields;
  }

  #afterKey(): ByteReader {
    const reader = new ByteReader(this.#bytes, this.#position);
    skipBytes(reader);
    return reader;
  }
}

function skipBytes(reader: ByteReader): void {
  const length = reader.varint();
  reader.position += Math.max(0, length);
}
