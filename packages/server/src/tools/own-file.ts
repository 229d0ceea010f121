import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Thrown for a file that cannot be trusted. `code`: `not_a_file` or `writable_by_others`. */
export class FileDistrustError extends Error {
  readonly code: 'not_a_file' | 'writable_by_others';

  constructor(path: string, code: 'not_a_file' | 'writable_by_others') {
    const problem =
      code === 'not_a_file' ? 'is not a regular file' : 'can be written by other users: run chmod 600 on it';
    super(`${path} ${problem}`);
    this.name = 'FileDistrustError';
    this.code = code;
  }
}

/** Mode bits that let users other than the owner write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Opens a file whose content controls this process. The file must be a regular file, must belong to the user of this
 * process, and must be writable only by this user. Does not block if the path is a pipe.
 *
 * @throws FileDistrustError
 * @throws the error of the operating system - the file does not exist or cannot be read
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
