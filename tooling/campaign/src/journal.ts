import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * The kinds of journal entries. Publishers write `attempted`, `confirmed` and `rejected`. Workers write `handled`
 * before the ack, `refused` if the handler nacks or throws, and `foreign` for a message that was never published or
 * differs from what was published.
 */
export const entryKinds = ['attempted', 'confirmed', 'rejected', 'handled', 'refused', 'foreign', 'crashed'] as const;

export type EntryKind = (typeof entryKinds)[number];

/** A line of a journal. */
export interface JournalEntry {
  readonly kind: EntryKind;
  /** The number of the event, or -1. */
  readonly event: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * An append-only file. Each entry is one write by the operating system, which a SIGKILL cannot undo: an entry is stored
 * as soon as `write` returns.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  /** `note`: additional text for readers. */
  write(kind: EntryKind, event: number, note: string | number = ''): void {
    writeSync(this.#file, `${kind} ${event} ${Date.now()} ${note}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads the complete lines of a growing journal. */
export class JournalTail {
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafe(1 << 16);
  #position = 0;

  /** The file must exist. */
  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  /** Passes on the entries since the last call. */
  read(take: (entry: JournalEntry) => void): void {
    for (;;) {
      const length = readSync(this.#file, this.#chunk, 0, this.#chunk.length, this.#position);
      const end = this.#chunk.subarray(0, length).lastIndexOf(0x0a) + 1;
      if (end === 0) return;
      this.#position += end;
      for (const line of this.#chunk.toString('latin1', 0, end - 1).split('\n')) take(parse(line));
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function parse(line: string): JournalEntry {
  const [kind, event, at] = line.split(' ');
  return { kind: kind as EntryKind, event: Number(event), at: Number(at) };
}
