import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** The position in a spool up to which all events are published. */
export interface Position {
  /** Number of the segment. */
  readonly number: number;
  /** Random id of the segment, which no other segment has. */
  readonly id: string;
  readonly offset: number;
}

const WIDTH = 64;
const FILE = 'position';

/**
 * Stores the position up to which a spool is drained. The position applies only to the segment with its id. The file is
 * not synced: if a crash of the machine loses it, events are published again.
 */
export class SpoolPosition {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(folder: string): Promise<SpoolPosition> {
    return new SpoolPosition(await open(join(folder, FILE), constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  /** Reads the position. Returns `undefined` if the file is empty or damaged. */
  async read(): Promise<Position | undefined> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(WIDTH), 0, WIDTH, 0);
    const [, text = '', number, id = '', offset, crc] =
      /^((\d{10}) ([0-9a-f]{16}) (\d+)) ([0-9a-f]{8}) *\n$/.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
    return crc === checksum(text) ? { number: Number(number), id, offset: Number(offset) } : undefined;
  }

  async write({ number, id, offset }: Position): Promise<void> {
    const text = `${String(number).padStart(10, '0')} ${id} ${offset}`;
    await this.#file.write(`${`${text} ${checksum(text)}`.padEnd(WIDTH - 1)}\n`, 0, 'latin1');
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
