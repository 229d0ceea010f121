import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@slack-mcp/core';
import { holdFile } from '../../tools/hold-file.ts';
import { openPrivateFolder } from './private-folder.ts';
import { SpoolPosition } from './spool-position.ts';
import { encodeRecord, type SpoolRecord } from './spool-record.ts';
import {
  createSegment,
  listSegments,
  readLines,
  removeSegment,
  type Segment,
  type SpoolLine,
} from './spool-segments.ts';
import { SpoolFullError, type SpoolStatus } from './spool-status.ts';

/** Options of {@link Spool.open}. */
export interface SpoolOptions {
  /** The folder, which is created if it does not exist. Only one process at a time can use it. */
  readonly folder: string;
  /** Maximum number of bytes of unpublished events. */
  readonly maxBytes: number;
  /** Number of bytes after which a new file is started. Default 8 MiB. */
  readonly segmentBytes?: number;
  readonly logger: Logger;
}

const SEGMENT_BYTES = 8 * 2 ** 20;
const FAILURE_MS = 60_000;

interface Waiting {
  readonly text: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * A queue of events on the disk, first in, first out. An event is on the disk when `append` resolves. `drained` removes
 * events in order; after a crash, events that were removed shortly before may reappear.
 */
export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #logger: Logger;
  readonly #position: SpoolPosition;
  readonly #release: () => Promise<void>;
  #segments: Segment[] = [];
  /** Lines of the first segment that were read and are not drained. */
  #ahead: SpoolLine[] = [];
  /** Offset in the first segment: up to the lines that were read, and up to the lines that were drained. */
  #readTo = 0;
  #drainedTo = 0;
  #records = 0;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  /** The file of the last segment, while events are appended to it. */
  #file: FileHandle | undefined;
  #failure: { readonly code: string; readonly at: number } | undefined;
  #nextNumber = 1;

  private constructor(options: SpoolOptions, position: SpoolPosition, release: () => Promise<void>) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#logger = options.logger;
    this.#position = position;
    this.#release = release;
  }

  /**
   * Opens a folder, with the events that an earlier process left in it.
   *
   * @throws ConfigurationError - another process uses the folder, or other users can read it
   * @throws the error of the operating system - the folder cannot be read or written
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options;
    await openPrivateFolder(folder);
    const release = await holdFile(join(folder, 'spool'));
    try {
      const spool = new Spool(options, await SpoolPosition.open(folder), release);
      await spool.#load();
      return spool;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Whether the spool contains no event, and no event is being written. */
  get isEmpty(): boolean {
    return this.#records === 0 && this.#waiting.length === 0 && this.#writing === undefined;
  }

  get status(): SpoolStatus {
    return {
      records: this.#records,
      bytes: this.#bytes,
      maxBytes: this.#maxBytes,
      oldestAt: this.#ahead.find(({ record }) => record !== undefined)?.record?.at,
      failure: this.#recentFailure,
    };
  }

  /**
   * Appends an event. Resolves when it is on the disk.
   *
   * @throws SpoolFullError
   * @throws the error of the operating system - the event could not be written
   */
  append(record: SpoolRecord): Promise<void> {
    const text = encodeRecord(record);
    const length = Buffer.byteLength(text);
    const used = this.#bytes + this.#waitingBytes;
    if (used + length > this.#maxBytes) return Promise.reject(new SpoolFullError(length, used, this.#maxBytes));
    this.#waitingBytes += length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** The first events, at most `most`. Empty if all events that are on the disk are drained. */
  async head(most: number): Promise<readonly SpoolRecord[]> {
    while (this.#ahead.length < most) {
      const [first] = this.#segments;
      if (first === undefined) break;
      if (this.#readTo < first.size) {
        // The segment may grow meanwhile.
        const { number, size } = first;
        const lines = await readLines(this.#folder, { number, size }, this.#readTo);
        this.#ahead.push(...lines);
        this.#readTo = size;
        this.#reportDamage(lines);
      } else if (this.#segments.length > 1 && this.#ahead.length === 0) await this.#removeFirst();
      else break;
      this.#skipDamaged();
    }
    return this.#firstRecords(most);
  }

  /** Removes the first `count` events of `head`. */
  async drained(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const line = this.#ahead.shift();
      if (line === undefined) break;
      this.#drainedTo = line.end;
      if (line.record === undefined) continue;
      this.#records -= 1;
      left -= 1;
    }
    const [first] = this.#segments;
    if (first === undefined) return;
    // A segment that still takes events goes as well, so that an empty spool leaves no file.
    if (this.#records === 0 && this.#writing === undefined) await this.#removeAll();
    else await this.#position.write(first.number, this.#drainedTo);
  }

  /** Resolves when the events that were appended are written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
    await this.#position.close();
    await this.#release();
  }

  get #recentFailure(): string | undefined {
    if (this.#failure === undefined || performance.now() - this.#failure.at > FAILURE_MS) return undefined;
    return this.#failure.code;
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0) - this.#drainedTo;
  }

  #firstRecords(most: number): SpoolRecord[] {
    const records: SpoolRecord[] = [];
    for (const { record } of this.#ahead) {
      if (records.length === most) break;
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  #skipDamaged(): void {
    for (let [line] = this.#ahead; line !== undefined && line.record === undefined; [line] = this.#ahead) {
      this.#drainedTo = line.end;
      this.#ahead.shift();
    }
  }

  async #load(): Promise<void> {
    const drained = await this.#position.read();
    for (const segment of await listSegments(this.#folder)) {
      this.#nextNumber = segment.number + 1;
      if (segment.number < drained.segment || segment.size === 0) {
        await removeSegment(this.#folder, segment.number);
        continue;
      }
      const isFirst = this.#segments.length === 0;
      const offset = isFirst && segment.number === drained.segment ? Math.min(drained.offset, segment.size) : 0;
      if (isFirst) {
        this.#drainedTo = offset;
        this.#readTo = offset;
      }
      this.#segments.push(segment);
      const lines = await readLines(this.#folder, segment, offset);
      this.#records += lines.filter(({ record }) => record !== undefined).length;
    }
  }

  async #writeAll(): Promise<void> {
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
        this.#logger.error({ folder: this.#folder, code }, 'spool_write_failed');
        await this.#abandonFile();
        for (const { reject } of batch) reject(error);
      } finally {
        this.#waitingBytes -= bytes;
      }
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    let last = this.#segments.at(-1);
    if (this.#file === undefined || last === undefined || last.size >= this.#segmentBytes) {
      await this.#file?.close();
      this.#file = undefined;
      const number = this.#nextNumber;
      this.#nextNumber += 1;
      this.#file = await createSegment(this.#folder, number);
      last = { number, size: 0 };
      this.#segments.push(last);
    }
    const text = batch.map((waiting) => waiting.text).join('');
    await this.#file.appendFile(text);
    await this.#file.datasync();
    last.size += Buffer.byteLength(text);
    this.#records += batch.length;
  }

  /**
   * Removes the parts of a failed write, and starts a new file: after a failed sync, the system no longer knows which
   * parts of the old file are on the disk.
   */
  async #abandonFile(): Promise<void> {
    const file = this.#file;
    const last = this.#segments.at(-1);
    this.#file = undefined;
    if (file === undefined || last === undefined) return;
    await file.truncate(last.size).catch(() => {});
    await file.close().catch(() => {});
    if (last.size > 0) return;
    this.#segments.pop();
    await removeSegment(this.#folder, last.number).catch(() => {});
  }

  async #removeFirst(): Promise<void> {
    const first = this.#segments.shift();
    this.#readTo = 0;
    this.#drainedTo = 0;
    if (first !== undefined) await removeSegment(this.#folder, first.number);
  }

  async #removeAll(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    const segments = this.#segments;
    this.#segments = [];
    this.#ahead = [];
    this.#readTo = 0;
    this.#drainedTo = 0;
    await file?.close();
    for (const { number } of segments) await removeSegment(this.#folder, number);
  }

  #reportDamage(lines: readonly SpoolLine[]): void {
    const damaged = lines.filter(({ record }) => record === undefined).length;
    if (damaged > 0) this.#logger.error({ folder: this.#folder, lines: damaged }, 'spool_damaged');
  }
}
