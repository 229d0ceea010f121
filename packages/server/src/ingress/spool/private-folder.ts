import { mkdir, stat } from 'node:fs/promises';
import { ConfigurationError } from '@slack-mcp/core';

const OTHERS = 0o077;

/**
 * Creates a folder for private messages if it does not exist.
 *
 * @throws ConfigurationError - other users can read the folder
 * @throws the error of the operating system - the folder cannot be created
 */
export async function openPrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(path);
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own) throw new ConfigurationError(`${path} belongs to another user: give the server its own folder`);
  if ((mode & OTHERS) !== 0) throw new ConfigurationError(`${path} can be read by other users: run chmod 700 on it`);
}
