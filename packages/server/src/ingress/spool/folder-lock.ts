import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { holdFile } from '../../tools/hold-file.ts';

const FILE = 'spool';

/** The lock of a folder. */
export class FolderLock {
  readonly release: () => Promise<void>;
  readonly #path: string;
  readonly #identity: string | undefined;

  private constructor(path: string, release: () => Promise<void>, identity: string | undefined) {
    this.#path = path;
    this.release = release;
    this.#identity = identity;
  }

  /** @throws ConfigurationError - another process holds the lock */
  static async hold(folder: string): Promise<FolderLock> {
    const path = join(folder, `${FILE}.lock`);
    const release = await holdFile(join(folder, FILE));
    return new FolderLock(path, release, await identityOf(path));
  }

  /** Whether the lock is still in the folder. Otherwise, another process can lock the folder. */
  async isHeld(): Promise<boolean> {
    return (await identityOf(this.#path)) === this.#identity;
  }
}

/** Undefined if there is no file, as on Windows, where a named pipe is the lock. */
async function identityOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && `${stats.dev} ${stats.ino}`;
}
