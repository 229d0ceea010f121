import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A file that is not trusted. `code`: `not_a_file`, or `writable_by_others`. */
export class FileDistrustError extends Error {
  readonly code: 'not_a_file' | 'writable_by_others';

  constructor(path: string, code: 'not_a_file' | 'writable_by_others') {
    const problem = code === 'not_a_file' ? 'is not a regular file' : 'can be written by others: chmod 600 it';
    super(`${path} ${problem}`);
    this.name = 'FileDistrustError';
    this.code = code;
  }
}

/** Bits of a mode with which others than the owner can write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Opens a file for reading, whose content decides what this process does: a regular file, which only its owner can
 * write, and that is who runs this process. A pipe is not waited for.
 *
 * @throws FileDistrustError
 * @throws the system's error, where there is no such file or it cannot be read
 */
export async function openOwnFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new FileDistrustError(path, 'not_a_file');
    const own = process.getuid?.();
    if (own !== undefined && (stats.uid !== own || (stats.mode & WRITABLE_BY_OTHERS) !== 0)) {
      throw new FileDistrustError(path, 'writable_by_others');
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
