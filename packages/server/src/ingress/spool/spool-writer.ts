import type { FileHandle } from 'node:fs/promises';
import type { Logger } from '@slack-mcp/core';
import { createSegment, isIntact, newSegment, removeSegment, type Segment } from './spool-segments.ts';
import { SpoolRemovedError } from './spool-status.ts';

/** Options of {@link SpoolWriter}. */
export interface SpoolWriterOptions {
  readonly folder: string;
  /** Number of bytes after which a new file is started. */
  readonly segmentBytes: number;
  readonly logger: Logger;
  /** Whether this process still holds the lock of the folder. */
  readonly isLocked: () => Promise<boolean>;
  /** Called with a new file. */
  readonly onSegment: (segment: Segment) => void;
  /** Called with a file that contains no event after a failed write and that is removed. */
  readonly onAbandoned: (segment: Segment) => void;
}

interface Waiting {
  readonly text: string;
  resolve(): void;
  reject(error: unknown): void;
}

const FAILURE_MS = 60_000;

/** Writes the lines of a spool. Lines that arrive together are written and synced together. */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  /** The file of the last segment, while events are appended to it. */
  #file: FileHandle | undefined;
  #segment: Segment | undefined;
  #failure: { readonly code: string; readonly at: number } | undefined;
  /**
   * The number of the next file. Numbers are never reused, because the stored position of an earlier outage may contain
   * them.
   */
  nextNumber = 1;

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Why a write failed within the last minute. */
  get failure(): string | undefined {
    if (this.#failure === undefined || performance.now() - this.#failure.at > FAILURE_MS) return undefined;
    return this.#failure.code;
  }

  /** Writes a line. Resolves when it is on the disk. */
  write(text: string): Promise<void> {
    this.#waitingBytes += Buffer.byteLength(text);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when the lines are written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Closes the current file, so that the next line starts a new file. */
  async endFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#segment = undefined;
    await file?.close();
  }

  async #writeAll(): Promise<void> {
    const { folder, logger } = this.#options;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      const bytes = this.#waitingBytes;
      this.#waiting = [];
      try {
        await this.#write(batch);
        this.#failure = undefined;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const { code = 'unknown' } = error as NodeJS.ErrnoException;
        this.#failure = { code, at: performance.now() };
        logger.error({ folder, code }, 'spool_write_failed');
        await this.#abandonFile();
        for (const { reject } of batch) reject(error);
      } finally {
        this.#waitingBytes -= bytes;
      }
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const { folder, segmentBytes, isLocked, onSegment } = this.#options;
    if (this.#segment !== undefined && this.#segment.size >= segmentBytes) await this.endFile();
    if (this.#file === undefined || this.#segment === undefined) {
      // In a folder that was replaced, another process could read and remove the file.
      if (!(await isLocked())) throw new SpoolRemovedError(folder);
      const segment = newSegment(this.nextNumber);
      this.nextNumber += 1;
      this.#file = await createSegment(folder, segment);
      this.#segment = segment;
      onSegment(segment);
    }
    const text = batch.map((waiting) => waiting.text).join('');
    await this.#file.appendFile(text);
    await this.#file.datasync();
    const size = this.#segment.size + Buffer.byteLength(text);
    if (!(await isIntact(folder, this.#segment, this.#file, size))) throw new SpoolRemovedError(folder);
    this.#segment.size = size;
    this.#segment.unread += batch.length;
  }

  /**
   * Removes what a failed write left behind, and closes the file, so that the next line starts a new file. After a
   * failed sync, the system no longer knows which parts of the old file are on the disk.
   */
  async #abandonFile(): Promise<void> {
    const file = this.#file;
    const segment = this.#segment;
    this.#file = undefined;
    this.#segment = undefined;
    if (file === undefined || segment === undefined) return;
    await shorten(file, segment.size).catch(() => {});
    await file.close().catch(() => {});
    if (segment.size > 0) return;
    this.#options.onAbandoned(segment);
    await removeSegment(this.#options.folder, segment).catch(() => {});
  }
}

async function shorten(file: FileHandle, size: number): Promise<void> {
  if ((await file.stat()).size > size) await file.truncate(size);
}
