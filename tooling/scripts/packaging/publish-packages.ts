import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { run } from '../run.ts';
import { packPackage, type Tarball } from './pack-package.ts';
import { type PublishedPackage, publishedPackages } from './published-packages.ts';

/** Options of {@link publishPackages}. */
export interface PublishOptions {
  /** The root of the repository. */
  readonly root: string;
  /** The folder for the tarballs, in which npm runs: a file `.npmrc` there configures it. */
  readonly work: string;
  /** Options of `npm publish`, for example `--tag canary`. */
  readonly args?: readonly string[];
  /** Names of the packages to publish. Default: all. */
  readonly only?: readonly string[];
  /** Called after each package. */
  report(publication: Publication): void;
}

/** The result for one package. */
export interface Publication {
  readonly name: string;
  readonly version: string;
  readonly status: 'published' | 'unchanged';
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/**
 * Packs all packages and publishes them with npm, which gets its credential from the workflow. A version that the
 * registry already has is left alone, if its content is the same. Expects `dist` to be built.
 *
 * @throws Error - a version was published with other content, or npm refused a package
 */
export async function publishPackages(options: PublishOptions): Promise<void> {
  const { root, work, args = [], only, report } = options;
  await mkdir(work, { recursive: true });
  const npm = (...command: string[]) => run('npm', command, { cwd: work, quiet: true });
  const packed: [PublishedPackage, Tarball][] = [];
  const wanted = publishedPackages(root).filter(({ name }) => only === undefined || only.includes(name));
  for (const item of wanted) packed.push([item, await packPackage(item, work)]);
  for (const [{ name }, { path, version, bytes, unpackedBytes }] of packed) {
    const known = await npm('view', `${name}@${version}`, 'dist.shasum');
    const published = known.code === 0 ? known.output.trim() : '';
    if (published !== '' && published !== createHash('sha1').update(bytes).digest('hex')) {
      throw new Error(`${name}@${version} is already published with other content: add a changeset for a new version`);
    }
    if (published === '') {
      const { code, output } = await npm('publish', path, '--access', 'public', ...args);
      if (code !== 0) throw new Error(`${name}@${version} was not published\n${output}`);
    }
    const status = published === '' ? 'published' : 'unchanged';
    report({ name, version, status, packedBytes: bytes.length, unpackedBytes });
  }
}
