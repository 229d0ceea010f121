import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** The content of a file, and whether other accounts can change it. */
export interface FileContent {
  readonly text: string;
  /**
   * Whether accounts other than root and the account of this process can write to the file. Always false on Windows.
   */
  readonly writableByOthers: boolean;
}

const MAX_BYTES = 2 ** 20;

/**
 * Reads a regular file of at most 1 MiB. Rejects pipes and devices, because reading them can wait forever or never end.
 *
 * @throws Error - the file cannot be read; `code` is `ENOTFILE` for a pipe or a device, `EFBIG` for a file of more than
 *   1 MiB, otherwise a code of the operating system
 */
export function readRegularFile(path: string): FileContent {
  // Without `O_NONBLOCK`, opening a pipe waits for a writer. Windows has neither.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw failure('EISDIR');
    if (!stats.isFile()) throw failure('ENOTFILE');
    if (stats.size > MAX_BYTES) throw failure('EFBIG');
    const own = process.getuid?.();
    const isForeign = own !== undefined && ((stats.uid !== own && stats.uid !== 0) || (stats.mode & 0o022) !== 0);
    return { text: readFileSync(descriptor, 'utf8'), writableByOthers: isForeign };
  } finally {
    closeSync(descriptor);
  }
}

function failure(code: 'EISDIR' | 'ENOTFILE' | 'EFBIG'): Error {
  return Object.assign(new Error(code), { code });
}
