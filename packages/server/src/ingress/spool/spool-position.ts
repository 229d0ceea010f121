import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** The position in a spool up to which all events are published. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

const WIDTH = 32;
const FILE = 'position';

/**
 * Stores the position up to which a spool is drained. The file is not synced: if a crash of the machine loses it,
 * events are published again.
 */
export class SpoolPosition {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(folder: string): Promise<SpoolPosition> {
    return new SpoolPosition(await open(join(folder, FILE), constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  /** Reads the position. Returns the beginning of the spool if the file is empty or damaged. */
  async read(): Promise<Position> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(WIDTH), 0, WIDTH, 0);
    const [, segment, offset] = /^(\d+) (\d+) *\n$/.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
    return { segment: Number(segment ?? 0), offset: Number(offset ?? 0) };
  }

  async write(segment: number, offset: number): Promise<void> {
    const text = `${segment} ${offset}`.padEnd(WIDTH - 1);
    await this.#file.write(`${text}\n`, 0, 'latin1');
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
