import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../environment.ts';

/** The path of a program in `PATH` or in one of the additional folders. */
export function findExecutable(name: string, furtherFolders: readonly string[] = []): string | undefined {
  return [...furtherFolders, ...readEnvironment().path].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
