import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * What a line of a journal says. Publishers: `attempted`, `confirmed`, `rejected`. Workers: `handled` is written before
 * the ack; `refused` are deliveries that the handler nacked or threw at; `foreign` is a message that nobody published,
 * or that is not as it was published.
 */
export const entryKinds = ['attempted', 'confirmed', 'rejected', 'handled', 'refused', 'foreign', 'crashed'] as const;

export type EntryKind = (typeof entryKinds)[number];

/** A line of a journal. */
export interface JournalEntry {
  readonly kind: EntryKind;
  /** The number of the event; -1 when it has none. */
  readonly event: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A file that only grows. Each entry is one write of the operating system's, which no SIGKILL undoes: an entry is there
 * as soon as `write` has returned.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  /** `note`: further words for a reader. */
  write(kind: EntryKind, event: number, note: string | number = ''): void {
    writeSync(this.#file, `${kind} ${event} ${Date.now()} ${note}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads a journal while it grows, whole lines only. */
export class JournalTail {
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafe(1 << 16);
  #position = 0;

  /** The file must exist. */
  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  /** Hands over what came since the last time. */
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
