import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A user as whom root runs a program that should not be root. */
export interface SystemUser {
  /** Goes before a command line. */
  readonly become: readonly string[];
  /** Gives a folder and all in it to the user. */
  own(folder: string): Promise<void>;
}

/** The user of that name, or `undefined` where we are not root or it does not exist. */
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
