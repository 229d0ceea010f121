import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../sync-folder.ts';

/** Minimum number of lines before the file is compacted. */
const FEW_LINES = 1_000;

/**
 * A file of appended lines. Lines that are added at the same time are written together. The file is rewritten when it
 * is opened, and when most of its lines are obsolete.
 */
export class AppendLog {
  readonly #path: string;
  readonly #content: () => readonly string[];
  readonly #waiting: string[] = [];
  #file: FileHandle | undefined;
  /** Number of bytes in the file that are certainly on disk. */
  #size = 0;
  #lines = 0;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, content: () => readonly string[]) {
    this.#path = path;
    this.#content = content;
  }

  /** @param content - returns the lines that represent the current state, each with its line break */
  static async open(path: string, content: () => readonly string[]): Promise<AppendLog> {
    const log = new AppendLog(path, content);
    await log.#beginAnew();
    return log;
  }

  /** Appends a line. Resolves when the line is on disk. If the promise rejects, no part of the line is in the file. */
  append(line: string): Promise<void> {
    this.#waiting.push(line);
    this.#next ??= this.#current.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#next;
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#current).catch(() => {});
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    this.#current = this.#next ?? this.#current;
    this.#next = undefined;
    const lines = this.#waiting.splice(0);
    const text = lines.join('');
    if (this.#file === undefined) throw new Error('The file with idempotency keys is closed; open the store again.');
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (error) {
      // A partial line would corrupt the next one.
      await this.#file.truncate(this.#size);
      throw error;
    }
    this.#size += Buffer.byteLength(text);
    this.#lines += lines.length;
    if (this.#lines > FEW_LINES + 4 * this.#content().length) await this.#beginAnew();
  }

  async #beginAnew(): Promise<void> {
    const lines = this.#content();
    const text = lines.join('');
    const temporary = `${this.#path}.new`;
    await rm(temporary, { force: true });
    const file = await open(temporary, 'ax', 0o600);
    try {
      await file.appendFile(text);
      await file.sync();
      await rename(temporary, this.#path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await this.#file?.close();
    this.#file = file;
    this.#size = Buffer.byteLength(text);
    this.#lines = lines.length;
    await syncFolder(dirname(this.#path));
  }
}
