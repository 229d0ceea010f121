import { readFileSync } from 'node:fs';

/**
 * Returns the versions of the packages that a new project uses: the versions that this package was tested with.
 * Publishing writes these versions into the development dependencies of this package.
 */
export function dependencyRanges(manifest: URL): ReadonlyMap<string, string> {
  const { devDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    devDependencies?: Record<string, string>;
  };
  const published = Object.entries(devDependencies).filter(([, range]) => !/^(workspace|catalog):/.test(range));
  return new Map(published);
}
