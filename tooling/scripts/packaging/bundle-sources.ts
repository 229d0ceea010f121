import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsdown';

/** Milliseconds for which old bundles stay. */
const KEEP_MS = 86_400_000;

/** What {@link bundleSources} puts together. */
export interface SourcesOptions {
  /** Folder of the package. */
  readonly root: string;
  /** Source files, relative to `root`, by the name of their file in the bundle, without `.mjs`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Packages that are loaded from `node_modules` or from their sources. */
  readonly external?: readonly RegExp[];
}

/**
 * Bundles source files with their dependencies, so that each of many processes loads a few files instead of several hundred. Modules
 * keep the `import.meta.url` of their source file.
 *
 * @returns the folder of the bundle, which stays the same while its content is the same: Node caches what it compiled
 */
export async function bundleSources({ root, entries, external = [] }: SourcesOptions): Promise<string> {
  const cache = join(root, 'node_modules/.cache/bundles');
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, 'staging-'));
  try {
    await build({
      ...{ config: false, cwd: root, outDir: staging, clean: false, dts: false, report: false, logLevel: 'error' },
      ...{ format: 'esm', platform: 'node', target: 'node22.18', fixedExtension: true, tsconfig: 'tsconfig.json' },
      entry: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
      external: [...external],
      noExternal: (id: string) => !external.some((name) => name.test(id)),
      inputOptions: { resolve: { conditionNames: ['@slack-mcp/source', 'import', 'node'] } },
      plugins: [
        {
          name: 'source-urls',
          transform: (code: string, id: string) =>
            id.includes('node_modules') || !code.includes('import.meta.url')
              ? undefined
              : code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
        },
      ],
    });
    const hash = createHash('sha256');
    for (const file of globSync('**/*.mjs', { cwd: staging }).sort())
      hash.update(file).update(readFileSync(join(staging, file)));
    const target = join(cache, hash.digest('hex').slice(0, 16));
    // Another run may write the same bundle, and use an older one.
    if (!existsSync(target)) renameSync(staging, target);
    for (const name of readdirSync(cache)) {
      const { mtimeMs = Date.now() } = statSync(join(cache, name), { throwIfNoEntry: false }) ?? {};
      const isOld = mtimeMs < Date.now() - KEEP_MS;
      if (isOld && name !== basename(target)) rmSync(join(cache, name), { recursive: true, force: true });
    }
    return target;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
