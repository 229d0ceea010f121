import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The user for a program that root must not run as itself. */
export interface SystemUser {
  /** The beginning of a command line that runs as this user. */
  readonly become: readonly string[];
  /** Makes the user the owner of a folder and its contents. */
  own(folder: string): Promise<void>;
}

/** The user with this name, or `undefined` if it does not exist or this process is not root. */
export async function systemUser(name: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const exists = await execute('id', [name]).then(
    () => true,
    () => false,
  );
  if (!exists) return undefined;
  return {
    become: ['setpriv', `--reuid=${name}`, `--regid=${name}`, '--init-groups'],
    async own(folder) {
      await execute('chown', ['-R', `${name}:`, folder]);
    },
  };
}
