import { existsSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Copies a formatted storage, which takes no processor time, instead of starting a JVM that formats one. The first time,
 * formats the storage and keeps a copy.
 *
 * @param kept - the copy
 * @param data - the storage of the node, which does not exist yet
 * @param format - formats `data`
 */
export async function copyStorage(kept: string, data: string, format: () => Promise<unknown>): Promise<void> {
  if (existsSync(kept)) return cp(kept, data, { recursive: true });
  await format();
  const staging = await mkdtemp(join(dirname(kept), 'storage-'));
  try {
    await cp(data, staging, { recursive: true });
    await rename(staging, kept);
  } catch {
    // Another process has kept its copy.
    await rm(staging, { recursive: true, force: true });
  }
}
