import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigurationError } from '@slack-mcp/core';

const OTHERS = 0o077;

/**
 * Creates a folder for private messages, including missing parent folders, if it does not exist.
 *
 * @throws ConfigurationError - the folder belongs to another user, or other users have access to it
 * @throws the error of the operating system - the folder cannot be created
 */
export async function openPrivateFolder(path: string): Promise<void> {
  await createFolder(resolve(path));
  const { mode, uid } = await stat(path);
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own) throw new ConfigurationError(`${path} belongs to another user: give the server its own folder`);
  if ((mode & OTHERS) !== 0) {
    throw new ConfigurationError(
      `${path} is accessible to other users: give the spool its own folder, for example a new folder inside ${path} (the server creates it)`,
    );
  }
}

/** Creates the folders one at a time, because `mkdir` with the option `recursive` never returns in `/proc`. */
async function createFolder(path: string): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return false;
    },
  );
  if (exists) return;
  await createFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Another process was faster.
    if (error.code !== 'EEXIST') throw error;
  });
}
