import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an installed package takes on disk. */
export interface InstalledSize {
  readonly version: string;
  /** Bytes of its own files. */
  readonly own: number;
  /** Bytes of its files and those of its dependencies. */
  readonly withDependencies: number;
  /** Number of its dependencies, with their dependencies. */
  readonly dependencies: number;
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Measures a package that is installed in the `node_modules` of a folder. Leaves out optional dependencies.
 *
 * @throws Error - a dependency is not installed
 */
export function installedSize(folder: string, name: string): InstalledSize {
  const own = find(folder, name);
  const found = new Set<string>();
  collect(own, found);
  found.delete(own);
  const sizes = [...found].map(bytesIn);
  return {
    version: manifestOf(own).version,
    own: bytesIn(own),
    withDependencies: sizes.reduce((total, size) => total + size, bytesIn(own)),
    dependencies: found.size,
  };
}

function collect(folder: string, found: Set<string>): void {
  if (found.has(folder)) return;
  found.add(folder);
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) collect(find(folder, name), found);
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Finds a package as Node does: in the nearest `node_modules`. */
function find(folder: string, name: string): string {
  const here = join(folder, 'node_modules', name);
  if (existsSync(here)) return realpathSync(here);
  if (dirname(folder) === folder) throw new Error(`${name} is not installed`);
  return find(dirname(folder), name);
}

function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
  return entries.reduce((total, entry) => {
    const path = join(folder, entry.name);
    return total + (entry.isDirectory() ? bytesIn(path) : statSync(path).size);
  }, 0);
}
