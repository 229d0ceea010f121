import type { Logger } from '@slack-mcp/core';
import { FolderLock } from './folder-lock.ts';
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

/** A line that has been read but not drained. */
interface AheadLine extends SpoolLine {
  /** The id of its file. */
  readonly segment: string;
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
  readonly #lock: FolderLock;
  #segments: Segment[] = [];
  #ahead: AheadLine[] = [];
  /** The segment that is being read, and the offset in it. */
  #reading = 0;
  #readTo = 0;
  /** The offset up to which the first segment has been drained. */
  #drainedTo = 0;
  /** Number of events in `#ahead`. */
  #aheadEvents = 0;

  private constructor(
    { folder, maxBytes, segmentBytes = SEGMENT_BYTES, logger }: SpoolOptions,
    position: SpoolPosition,
    refused: RefusedEvents,
    lock: FolderLock,
  ) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#logger = logger;
    this.#position = position;
    this.#refused = refused;
    this.#lock = lock;
    this.#writer = new SpoolWriter({
      ...{ folder, segmentBytes, logger },
      isLocked: () => lock.isHeld(),
      onSegment: (segment) => this.#segments.push(segment),
      onAbandoned: (abandoned) => {
        this.#segments = this.#segments.filter((segment) => segment !== abandoned);
      },
    });
  }

  /**
   * Opens a folder, with the events that an earlier process left in it.
   *
   * @throws ConfigurationError - another process uses the folder, it belongs to another user, or other users have
   * access to it
   * @throws the error of the operating system - the folder cannot be read or written
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options;
    await openPrivateFolder(folder);
    const lock = await FolderLock.hold(folder);
    try {
      const spool = new Spool(options, await SpoolPosition.open(folder), await RefusedEvents.open(folder), lock);
      await spool.#load();
      const { damaged } = spool.#refused;
      if (damaged > 0) options.logger.error({ folder, lines: damaged, events: 0 }, 'spool_damaged');
      // The queue may take them now, for example because its limit was raised.
      await spool.#refused
        .takeAll((records) => Promise.all(records.map((record) => spool.#writer.write(encodeRecord(record)))))
        // They stay where they are. The writer has logged the reason.
        .catch(() => {});
      return spool;
    } catch (error) {
      await lock.release();
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
   * Appends an event. Resolves when the event is on the disk.
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
   * Sets aside an event that the queue refuses, with the reason. The event is on the disk when `setAside` resolves. It
   * goes through the spool again the next time the folder is opened.
   *
   * @throws the error of the operating system - the event could not be written
   */
  setAside(record: SpoolRecord, reason: string): Promise<void> {
    return this.#refused.add(record, reason);
  }

  /** Returns the first events, at most `most`. The list is empty if all events on the disk have been drained. */
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
    await this.#position.write({ ...first, offset: this.#drainedTo });
    // A segment that still takes events goes as well, so that an empty spool leaves no file.
    if (this.isEmpty) await this.#removeAll();
  }

  /** Resolves when all appended events are written. */
  async written(): Promise<void> {
    await this.#writer.written();
  }

  async close(): Promise<void> {
    await this.#writer.written();
    await this.#writer.endFile();
    await this.#position.close();
    await this.#lock.release();
  }

  get #records(): number {
    return this.#segments.reduce((sum, { unread }) => sum + unread, this.#aheadEvents);
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0) - this.#drainedTo + this.#refused.bytes;
  }

  /**
   * Reads the rest of a file. Events that the file no longer contains count as lost, because waiting for them would
   * never end.
   */
  async #readAhead(segment: Segment): Promise<void> {
    // The segment may grow meanwhile.
    const { id, size, unread } = segment;
    const lines = await readLines(this.#folder, { ...segment }, this.#readTo).catch((error) => {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    });
    const good = lines.filter(({ record }) => record !== undefined).length;
    const events = Math.max(0, unread - good);
    segment.unread -= unread;
    this.#aheadEvents += good;
    for (const line of lines) this.#ahead.push({ ...line, segment: id });
    this.#readTo = size;
    const damaged = lines.length - good;
    if (events + damaged > 0) this.#logger.error({ folder: this.#folder, lines: damaged, events }, 'spool_damaged');
  }

  /** Removes the first line that has been read, and the files before the line. Returns whether the line is an event. */
  async #shift(): Promise<boolean> {
    const line = this.#ahead.shift();
    if (line === undefined) return false;
    if (line.record !== undefined) this.#aheadEvents -= 1;
    while (this.#segments.length > 1 && this.#segments[0]?.id !== line.segment) await this.#removeFirst();
    this.#drainedTo = line.end;
    return line.record !== undefined;
  }

  async #load(): Promise<void> {
    const drained = await this.#position.read();
    if (drained !== undefined) this.#writer.nextNumber = drained.number + 1;
    for (const segment of await listSegments(this.#folder)) {
      this.#writer.nextNumber = Math.max(this.#writer.nextNumber, segment.number + 1);
      if (segment.size === 0) {
        await removeSegment(this.#folder, segment);
        continue;
      }
      const isFirst = this.#segments.length === 0;
      const offset = isFirst && segment.id === drained?.id ? Math.min(drained.offset, segment.size) : 0;
      if (isFirst) {
        this.#drainedTo = offset;
        this.#readTo = offset;
      }
      this.#segments.push(segment);
      const lines = await readLines(this.#folder, segment, offset);
      segment.unread = lines.filter(({ record }) => record !== undefined).length;
    }
    if (this.#records > 0) return;
    // The last process ended before it removed the files. Their damaged lines are logged first.
    await this.head(1);
    await this.#removeAll();
  }

  async #removeFirst(): Promise<void> {
    const first = this.#segments.shift();
    if (this.#reading > 0) this.#reading -= 1;
    else this.#readTo = 0;
    this.#drainedTo = 0;
    if (first !== undefined) await removeSegment(this.#folder, first);
  }

  async #removeAll(): Promise<void> {
    const segments = this.#segments;
    this.#segments = [];
    this.#ahead = [];
    this.#aheadEvents = 0;
    this.#reading = 0;
    this.#readTo = 0;
    this.#drainedTo = 0;
    await this.#writer.endFile();
    for (const segment of segments) await removeSegment(this.#folder, segment);
  }
}
