import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { LocalFileError } from './local-file-error.ts';

/** Maximum size in bytes of a file from the server's disk. */
const MOST_BYTES = 50_000_000;

/**
 * Reads a file from one of the folders from which the server may upload files. Symbolic links are followed, but only to
 * files in these folders.
 *
 * @param path - an absolute path, or a path in one of the folders
 * @param folders - absolute paths
 * @throws LocalFileError - the file is not in the folders, is hidden, not a regular file, empty, unreadable or too large
 */
export async function readLocalFile(path: string, folders: readonly string[]): Promise<Buffer> {
  if (folders.length === 0) throw LocalFileError.noFolders();
  const found = await findFile(path, folders);
  if (found === undefined) throw LocalFileError.notFound(path, folders);
  if (found.inside.split(sep).some((part) => part.startsWith('.'))) throw LocalFileError.hidden(path);
  await using file = await openFile(path, found.file);
  const stats = await file.stat();
  if (!stats.isFile()) throw LocalFileError.notAFile(path);
  // A folder may have been replaced by a link between the two steps.
  const again = await findFile(path, folders);
  const there = again && (await stat(again.file).catch(() => undefined));
  if (there === undefined || there.dev !== stats.dev || there.ino !== stats.ino) {
    throw LocalFileError.notFound(path, folders);
  }
  if (stats.size === 0) throw LocalFileError.empty(path);
  if (stats.size > MOST_BYTES) throw LocalFileError.tooLarge(path, stats.size, MOST_BYTES);
  return readBytes(file, stats.size);
}

/** Returns the path of a file without symbolic links, and its path in its folder. */
async function findFile(
  path: string,
  folders: readonly string[],
): Promise<{ readonly file: string; readonly inside: string } | undefined> {
  const roots = await Promise.all(folders.map(realPath));
  for (const candidate of isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path))) {
    const file = await realPath(candidate);
    if (file === undefined) continue;
    for (const root of roots) {
      const inside = root === undefined ? '' : relative(root, file);
      if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) {
        return { file, inside };
      }
    }
  }
  return undefined;
}

/** Opens a file. Does not block if the path is a pipe, and does not follow a link that was put there meanwhile. */
async function openFile(path: string, file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    throw LocalFileError.unreadable(path, (error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

/** Reads at most `size` bytes, even if the file grows. */
async function readBytes(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
