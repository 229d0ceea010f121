import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../tools/sync-folder.ts';
import { decodeRecord, type SpoolRecord } from './spool-record.ts';

/** One file of the spool. */
export interface Segment {
  /** Greater than the numbers of all earlier segments. */
  readonly number: number;
  /** Random id in the name of the file, so that data stored about another segment never applies to this one. */
  readonly id: string;
  /** Number of bytes that hold complete lines on the disk. */
  size: number;
  /** Number of events in the file that have not been read yet. */
  unread: number;
}

/** A line of a segment. */
export interface SpoolLine {
  /** The record; undefined if the line is damaged. */
  readonly record: SpoolRecord | undefined;
  /** The offset in bytes at which the next line begins. */
  readonly end: number;
}

type SegmentName = Pick<Segment, 'number' | 'id'>;

const LINE_BREAK = 0x0a;
const NAME = /^(\d{10})(?:-([0-9a-f]{16}))?\.spool$/;

/** A segment without events. */
export function newSegment(number: number): Segment {
  return { number, id: randomBytes(8).toString('hex'), size: 0, unread: 0 };
}

/** The path of a segment. The paths sort in the order of the segments. */
export function segmentPath(folder: string, { number, id }: SegmentName): string {
  return join(folder, `${String(number).padStart(10, '0')}-${id}.spool`);
}

/**
 * Lists the segments of a folder in their order. Omits an incomplete last line, whose event was never acknowledged.
 * Renames a file whose name contains no id.
 */
export async function listSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const [, digits, id] = NAME.exec(name) ?? [];
    if (digits === undefined) continue;
    const fresh = newSegment(Number(digits));
    const segment = { ...fresh, id: id ?? fresh.id };
    if (id === undefined) await rename(join(folder, name), segmentPath(folder, segment));
    const bytes = await readFile(segmentPath(folder, segment));
    segments.push({ ...segment, size: bytes.lastIndexOf(LINE_BREAK) + 1 });
  }
  return segments;
}

/** Reads the lines of a segment, starting at an offset. */
export async function readLines(
  folder: string,
  segment: SegmentName & Pick<Segment, 'size'>,
  offset: number,
): Promise<SpoolLine[]> {
  const bytes = (await readFile(segmentPath(folder, segment))).subarray(0, segment.size);
  const lines: SpoolLine[] = [];
  // A position in the middle of a line belongs to another file. Reading it again repeats events, and loses none.
  const isLine = offset === 0 || bytes[offset - 1] === LINE_BREAK;
  for (let start = isLine ? offset : 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_BREAK, start) + 1;
    if (end === 0) break;
    lines.push({ record: decodeRecord(bytes.toString('utf8', start, end - 1)), end });
    start = end;
  }
  return lines;
}

/** Creates a segment that only the user of this process can read. */
export async function createSegment(folder: string, segment: SegmentName): Promise<FileHandle> {
  const file = await open(segmentPath(folder, segment), 'ax', 0o600);
  await syncFolder(folder);
  return file;
}

/**
 * Whether a written file is still in its folder, under the name of the segment and with this size. Otherwise, a reader
 * would not find the events in it.
 */
export async function isIntact(folder: string, segment: SegmentName, file: FileHandle, size: number): Promise<boolean> {
  const options = { bigint: true } as const;
  const named = await stat(segmentPath(folder, segment), options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  const { dev, ino, size: written } = await file.stat(options);
  return named?.dev === dev && named.ino === ino && written === BigInt(size);
}

/** Removes a segment permanently, so that its events do not return after a crash of the machine. */
export async function removeSegment(folder: string, segment: SegmentName): Promise<void> {
  await rm(segmentPath(folder, segment), { force: true });
  await syncFolder(folder);
}
