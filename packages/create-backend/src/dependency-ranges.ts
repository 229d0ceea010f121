import { readFileSync } from 'node:fs';

/**
 * The versions of the packages in a new project: those that this package was tested with. Publishing writes them into
 * the development dependencies of this package.
 */
export function dependencyRanges(manifest: URL): ReadonlyMap<string, string> {
  const { devDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    devDependencies?: Record<string, string>;
  };
  const published = Object.entries(devDependencies).filter(([, range]) => !/^(workspace|catalog):/.test(range));
  return new Map(published);
}
