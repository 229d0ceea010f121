import { join } from 'node:path';
import type { Logger } from '@slack-mcp/core';
import { holdFile } from '../../tools/hold-file.ts';
import { openPrivateFolder } from './private-folder.ts';
import { RefusedEvents } from './refused-events.ts';
import { SpoolPosition } from './spool-position.ts';
import { encodeRecord, type SpoolRecord } from './spool-record.ts';
import { listSegments, readLines, removeSegment, type Segment, type SpoolLine } from './spool-segments.ts';
import { SpoolFullError, type SpoolStatus } from './spool-status.ts';
import { SpoolWriter } from './spool-writer.ts';

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

/** A line that was read and is not drained. */
interface AheadLine extends SpoolLine {
  /** The number of its file. */
  readonly segment: number;
}

/**
 * A queue of events on the disk, first in, first out. An event is on the disk when `append` resolves. `drained` removes
 * events in order; after a crash, events that were removed shortly before may reappear.
 */
export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #logger: Logger;
  readonly #position: SpoolPosition;
  readonly #refused: RefusedEvents;
  readonly #writer: SpoolWriter;
  readonly #release: () => Promise<void>;
  #segments: Segment[] = [];
  #ahead: AheadLine[] = [];
  /** The segment that is being read, and the offset in it. */
  #reading = 0;
  #readTo = 0;
  /** Offset in the first segment up to which its lines were drained. */
  #drainedTo = 0;
  #records = 0;

  private constructor(
    { folder, maxBytes, segmentBytes = SEGMENT_BYTES, logger }: SpoolOptions,
    position: SpoolPosition,
    refused: RefusedEvents,
    release: () => Promise<void>,
  ) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#logger = logger;
    this.#position = position;
    this.#refused = refused;
    this.#release = release;
    this.#writer = new SpoolWriter({
      ...{ folder, segmentBytes, logger },
      onSegment: (segment) => this.#segments.push(segment),
      onWritten: (count) => {
        this.#records += count;
      },
      onAbandoned: (abandoned) => {
        this.#segments = this.#segments.filter((segment) => segment !== abandoned);
      },
    });
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
      const spool = new Spool(options, await SpoolPosition.open(folder), await RefusedEvents.open(folder), release);
      await spool.#load();
      // The queue may take them now, for example because its limit was raised.
      await spool.#refused
        .takeAll((records) => Promise.all(records.map((record) => spool.#writer.write(encodeRecord(record)))))
        // They stay where they are. The writer has logged the reason.
        .catch(() => {});
      return spool;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Whether the spool contains no event, and no event is being written. */
  get isEmpty(): boolean {
    return this.#records === 0 && !this.#writer.isWriting;
  }

  /** Whether events are being written. */
  get isWriting(): boolean {
    return this.#writer.isWriting;
  }

  get status(): SpoolStatus {
    return {
      records: this.#records,
      bytes: this.#bytes,
      maxBytes: this.#maxBytes,
      segments: this.#segments.length,
      refused: this.#refused.count,
      oldestAt: this.#ahead.find(({ record }) => record !== undefined)?.record?.at,
      failure: this.#writer.failure,
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
    const used = this.#bytes + this.#writer.waitingBytes;
    if (used + length > this.#maxBytes) return Promise.reject(new SpoolFullError(length, used, this.#maxBytes));
    return this.#writer.write(text);
  }

  /**
   * Keeps an event that the queue refuses apart, with the reason. The event is on the disk when `setAside` resolves, and
   * goes through the spool again when the folder is opened the next time.
   *
   * @throws the error of the operating system - the event could not be written
   */
  setAside(record: SpoolRecord, reason: string): Promise<void> {
    return this.#refused.add(record, reason);
  }

  /** The first events, at most `most`. Empty if all events that are on the disk are drained. */
  async head(most: number): Promise<readonly SpoolRecord[]> {
    while (this.#ahead.length < most) {
      const segment = this.#segments[this.#reading];
      if (segment === undefined) break;
      if (this.#readTo < segment.size) await this.#readAhead(segment);
      else if (this.#reading < this.#segments.length - 1) {
        this.#reading += 1;
        this.#readTo = 0;
      } else break;
      while (this.#ahead[0] !== undefined && this.#ahead[0].record === undefined) await this.#shift();
    }
    const records = this.#ahead.map(({ record }) => record).filter((record) => record !== undefined);
    return records.slice(0, most);
  }

  /** Removes the first `count` events of `head`. */
  async drained(count: number): Promise<void> {
    for (let left = count; left > 0 && this.#ahead.length > 0; ) if (await this.#shift()) left -= 1;
    const [first] = this.#segments;
    if (first === undefined) return;
    // Written before the files are removed, so that no later file is taken for one of them.
    await this.#position.write(first.number, this.#drainedTo);
    // A segment that still takes events goes as well, so that an empty spool leaves no file.
    if (this.isEmpty) await this.#removeAll();
  }

  /** Resolves when the events that were appended are written. */
  async written(): Promise<void> {
    await this.#writer.written();
  }

  async close(): Promise<void> {
    await this.#writer.written();
    await this.#writer.endFile();
    await this.#position.close();
    await this.#release();
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0) - this.#drainedTo + this.#refused.bytes;
  }

  /** Reads the rest of a file. What it no longer contains is lost: it would be waited for in vain. */
  async #readAhead(segment: Segment): Promise<void> {
    // The segment may grow meanwhile.
    const { number, size, unread } = segment;
    const lines = await readLines(this.#folder, { number, size }, this.#readTo).catch((error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const good = lines.filter(({ record }) => record !== undefined).length;
    const events = Math.max(0, unread - good);
    segment.unread -= unread;
    this.#records -= events;
    for (const line of lines) this.#ahead.push({ ...line, segment: number });
    this.#readTo = size;
    const damaged = lines.length - good;
    if (events + damaged > 0) this.#logger.error({ folder: this.#folder, lines: damaged, events }, 'spool_damaged');
  }

  /** Removes the first line that was read, and the files before it. Returns whether the line is an event. */
  async #shift(): Promise<boolean> {
    const line = this.#ahead.shift();
    if (line === undefined) return false;
    while (this.#segments.length > 1 && this.#segments[0]?.number !== line.segment) await this.#removeFirst();
    this.#drainedTo = line.end;
    if (line.record === undefined) return false;
    this.#records -= 1;
    return true;
  }

  async #load(): Promise<void> {
    const drained = await this.#position.read();
    this.#writer.nextNumber = drained.segment + 1;
    for (const segment of await listSegments(this.#folder)) {
      this.#writer.nextNumber = Math.max(this.#writer.nextNumber, segment.number + 1);
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
      segment.unread = lines.filter(({ record }) => record !== undefined).length;
      this.#records += segment.unread;
    }
  }

  async #removeFirst(): Promise<void> {
    const first = this.#segments.shift();
    if (this.#reading > 0) this.#reading -= 1;
    else this.#readTo = 0;
    this.#drainedTo = 0;
    if (first !== undefined) await removeSegment(this.#folder, first.number);
  }

  async #removeAll(): Promise<void> {
    const segments = this.#segments;
    this.#segments = [];
    this.#ahead = [];
    this.#reading = 0;
    this.#readTo = 0;
    this.#drainedTo = 0;
    await this.#writer.endFile();
    for (const { number } of segments) await removeSegment(this.#folder, number);
  }
}
