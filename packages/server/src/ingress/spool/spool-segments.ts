import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../tools/sync-folder.ts';
import { decodeRecord, type SpoolRecord } from './spool-record.ts';

/** One file of the spool. */
export interface Segment {
  readonly number: number;
  /** Number of bytes that hold complete lines on the disk. */
  size: number;
  /** Number of events in the file that were not read yet. */
  unread: number;
}

/** A line of a segment. */
export interface SpoolLine {
  /** The record; undefined if the line is damaged. */
  readonly record: SpoolRecord | undefined;
  /** The offset in bytes at which the next line begins. */
  readonly end: number;
}

const SUFFIX = '.spool';
const LINE_BREAK = 0x0a;

/** The path of a segment. The paths sort in the order of the segments. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(10, '0')}${SUFFIX}`);
}

/** Lists the segments of a folder in their order. Omits an incomplete last line, whose event was never acknowledged. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{10}\.spool$/.test(name)).sort();
  const segments: Segment[] = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    segments.push({ number: Number.parseInt(name, 10), size: bytes.lastIndexOf(LINE_BREAK) + 1, unread: 0 });
  }
  return segments;
}

/** Reads the lines of a segment, starting at an offset. */
export async function readLines(
  folder: string,
  { number, size }: Pick<Segment, 'number' | 'size'>,
  offset: number,
): Promise<SpoolLine[]> {
  const bytes = (await readFile(segmentPath(folder, number))).subarray(0, size);
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
export async function createSegment(folder: string, number: number): Promise<FileHandle> {
  const file = await open(segmentPath(folder, number), 'ax', 0o600);
  await syncFolder(folder);
  return file;
}

/** Whether a file that is being written is still in its folder. Otherwise its events are lost when it is closed. */
export async function isInFolder(file: FileHandle): Promise<boolean> {
  return (await file.stat()).nlink > 0;
}

export async function removeSegment(folder: string, number: number): Promise<void> {
  await rm(segmentPath(folder, number), { force: true });
}
