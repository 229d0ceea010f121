import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A published package. */
export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** Names of its dependencies in this repository. */
  readonly ours: readonly string[];
  /** Its import specifiers, except `./package.json`. */
  readonly entries: readonly string[];
  readonly bins: readonly string[];
}

/** Every package in `packages/` that is not private. */
export function publishedPackages(root: string): PublishedPackage[] {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const path = join(root, 'packages', folder);
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      name: string;
      private?: boolean;
      bin?: Record<string, string>;
      exports: Record<string, unknown>;
      dependencies?: Record<string, string>;
    };
    if (manifest.private === true) return [];
    return [
      {
        name: manifest.name,
        folder: path,
        ours: Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@slack-mcp/')),
        entries: Object.keys(manifest.exports)
          .filter((entry) => entry !== './package.json')
          .map((entry) => manifest.name + entry.slice(1)),
        bins: Object.keys(manifest.bin ?? {}),
      },
    ];
  });
}
