import type { StoredMessage } from './stored-message.ts';

/** Number of messages in a chunk. Must be a power of two. */
export const CHUNK_SIZE = 1024;

/**
 * The messages of one key in the order of publishing, in chunks. Appending, reading at an offset and removing the
 * oldest messages take constant time. Chunks are not linked, so that a removed chunk does not keep later chunks in
 * memory.
 */
export class MessageLog {
  readonly #chunks: StoredMessage[][] = [];
  /** Offset of the first chunk. */
  #base = 0;
  #end = 0;

  /** The offset of the next message. */
  get end(): number {
    return this.#end;
  }

  /** Number of messages. */
  get size(): number {
    return this.#end - this.#base;
  }

  append(message: StoredMessage): void {
    if (this.#end % CHUNK_SIZE === 0) this.#chunks.push([]);
    this.#chunks.at(-1)?.push(message);
    this.#end += 1;
  }

  at(offset: number): StoredMessage | undefined {
    const index = offset - this.#base;
    return this.#chunks[Math.floor(index / CHUNK_SIZE)]?.[index % CHUNK_SIZE];
  }

  /** Removes the chunks that lie completely before `offset`. */
  forget(offset: number): void {
    const count = Math.floor((Math.min(offset, this.#end) - this.#base) / CHUNK_SIZE);
    if (count <= 0) return;
    this.#chunks.splice(0, count);
    this.#base += count * CHUNK_SIZE;
  }
}
