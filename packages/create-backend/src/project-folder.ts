import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CreateError } from './create-error.ts';

/** @throws CreateError - the folder exists and is not empty, or cannot be read */
export function assertEmpty(folder: string): void {
  const stats = attempt(folder, 'read', () => statSync(folder, { throwIfNoEntry: false }));
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new CreateError(`${folder} is a file: use another folder`);
  if (attempt(folder, 'read', () => readdirSync(folder)).some((entry) => entry !== '.git')) {
    throw new CreateError(`${folder} is not empty: use another folder`);
  }
}

/**
 * Writes a new file and the folders around it.
 *
 * @throws CreateError - the file exists or cannot be written
 */
export function writeNewFile(path: string, text: string): void {
  createFolder(dirname(path));
  attempt(path, 'written', () => writeFileSync(path, text, { flag: 'wx' }));
}

/** Creates the folders one at a time, because `mkdir` with the option `recursive` never returns in `/proc`. */
function createFolder(folder: string): void {
  const stats = attempt(folder, 'created', () => statSync(folder, { throwIfNoEntry: false }));
  if (stats?.isDirectory()) return;
  const parent = dirname(folder);
  if (parent !== folder) createFolder(parent);
  attempt(folder, 'created', () => mkdirSync(folder));
}

function attempt<T>(path: string, verb: 'read' | 'created' | 'written', run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CreateError(`${path} cannot be ${verb} (${code}): use another folder`, { cause });
  }
}
