import { open } from 'node:fs/promises';

/**
 * Syncs the folder, so that the new file name is also on disk. Errors are ignored, because some systems cannot sync a
 * folder.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
