import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of this package. */
export function packageVersion(): string {
  // Not with `findPackageJSON` of Node, which does not see the archives of Yarn Plug'n'Play.
  return versionAbove(import.meta.dirname);
}

function versionAbove(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('cannot find the package.json of @slack-mcp/server: reinstall the package');
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return versionAbove(parent);
  }
}
