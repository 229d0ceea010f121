import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../tools/sync-folder.ts';
import { decodeRecord, encodeRecord, type SpoolRecord } from './spool-record.ts';

/** The file in the folder of the spool. */
export const REFUSED_FILE = 'refused';

/** The events that the queue can never accept, in a separate file. To drop these events, remove the file. */
export class RefusedEvents {
  readonly #path: string;
  readonly #folder: string;
  #records: readonly SpoolRecord[] = [];
  #damaged = 0;
  #count = 0;
  #bytes = 0;
  #adding: Promise<void> = Promise.resolve();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, REFUSED_FILE);
  }

  static async open(folder: string): Promise<RefusedEvents> {
    const refused = new RefusedEvents(folder);
    await refused.#load();
    return refused;
  }

  get count(): number {
    return this.#count;
  }

  /** Number of lines that were damaged when the file was opened. */
  get damaged(): number {
    return this.#damaged;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an event. Resolves when the event is on the disk. */
  add(record: SpoolRecord, reason: string): Promise<void> {
    const added = this.#adding.then(() => this.#add({ ...record, refused: reason }));
    this.#adding = added.catch(() => {});
    return added;
  }

  /** Passes all events to `keep`, and removes the events when `keep` has resolved. */
  async takeAll(keep: (records: readonly SpoolRecord[]) => Promise<unknown>): Promise<void> {
    const records = this.#records.map(({ refused: _, ...record }: SpoolRecord & { refused?: string }) => record);
    this.#records = [];
    if (records.length === 0) return;
    await keep(records);
    await rm(this.#path, { force: true });
    await syncFolder(this.#folder);
    this.#count = 0;
    this.#bytes = 0;
  }

  async #load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return '';
    });
    const lines = text.split('\n').filter((line) => line !== '');
    this.#records = lines.map(decodeRecord).filter((record) => record !== undefined);
    this.#damaged = lines.length - this.#records.length;
    this.#count = this.#records.length;
    this.#bytes = Buffer.byteLength(text);
  }

  async #add(record: SpoolRecord & { refused: string }): Promise<void> {
    const line = encodeRecord(record);
    const file = await open(this.#path, 'a', 0o600);
    try {
      const { size } = await file.stat();
      // An operator removed the file.
      if (size === 0) this.#count = 0;
      // After a torn line, for example on a full disk, the next line needs a beginning of its own.
      const isTorn = size !== this.#bytes && size > 0;
      await file.appendFile(isTorn ? `\n${line}` : line);
      await file.datasync();
      this.#bytes = (await file.stat()).size;
    } finally {
      await file.close();
    }
    if (this.#count === 0) await syncFolder(this.#folder);
    this.#count += 1;
  }
}
