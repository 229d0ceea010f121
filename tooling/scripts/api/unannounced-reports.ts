import { relative } from 'node:path';
import type { PublishedPackage } from '../packaging/published-packages.ts';

/**
 * Finds packages whose report changed without a changeset.
 *
 * @param changed - the paths that changed, relative to the root
 * @param read - returns the text of a path, or an empty text if it was removed
 */
export function unannouncedReports(
  changed: readonly string[],
  packages: readonly Pick<PublishedPackage, 'name' | 'folder'>[],
  root: string,
  read: (path: string) => string,
): string[] {
  const changesets = changed.filter((path) => /^\.changeset\/.+\.md$/.test(path)).map(read);
  // Publishing removes the changesets and writes the changelog.
  const isRelease = (folder: string): boolean => changed.includes(`${folder}/CHANGELOG.md`);
  return packages.flatMap(({ name, folder: path }) => {
    const folder = relative(root, path);
    if (!changed.includes(`${folder}/api.md`) || isRelease(folder)) return [];
    if (changesets.some((text) => text.includes(`'${name}':`) || text.includes(`"${name}":`))) return [];
    return [`the public types of ${name} changed, but no changeset names it: run pnpm changeset`];
  });
}
