import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageManager, run } from '../run.ts';
import { type PublishedPackage, publishedPackages } from './published-packages.ts';

/** Options of {@link publishPackages}. */
export interface PublishOptions {
  /** The root of the repository. */
  readonly root: string;
  /** An empty folder for the tarballs. */
  readonly work: string;
  /** Options of `npm publish`, for example `--tag canary`. */
  readonly args?: readonly string[];
  /** Names of the packages to publish. Default: all. */
  readonly only?: readonly string[];
  /** Environment of npm, for example another configuration file. */
  readonly env?: Readonly<Record<string, string>>;
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

interface Tarball {
  readonly path: string;
  readonly version: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;

  readonly shasum: string;
}

/**
 * Packs all packages with pnpm, which resolves the versions of the workspace, and publishes them with npm, which gets
 * its credential from the workflow. A version that the registry already has is left alone, if its content is the same.
 *
 * @throws Error - a version was published with other content, or npm refused a package
 */
export async function publishPackages(options: PublishOptions): Promise<void> {
  const { root, work, args = [], env = {}, only, report } = options;
  await mkdir(work, { recursive: true });
  const npm = (...command: string[]) => run('npm', command, { cwd: work, quiet: true, env });
  const packed: [PublishedPackage, Tarball][] = [];
  const wanted = publishedPackages(root).filter(({ name }) => only === undefined || only.includes(name));
  for (const item of wanted) packed.push([item, await pack(item, work)]);
  for (const [{ name }, tarball] of packed) {
    const { path, version, packedBytes, unpackedBytes, shasum } = tarball;
    const known = await npm('view', `${name}@${version}`, 'dist.shasum');
    const published = known.code === 0 ? known.output.trim() : '';
    if (published !== '' && published !== shasum) {
      throw new Error(`${name}@${version} is already published with other content: add a changeset for a new version`);
    }
    if (published === '') {
      const { code, output } = await npm('publish', path, '--access', 'public', ...args);
      if (code !== 0) throw new Error(`${name}@${version} was not published\n${output}`);
    }
    report({ name, version, status: published === '' ? 'published' : 'unchanged', packedBytes, unpackedBytes });
  }
}

async function pack({ name, folder }: PublishedPackage, work: string): Promise<Tarball> {
  const target = join(work, 'tarballs', name.replace('/', '+'));
  await mkdir(target, { recursive: true });
  const { command, args } = packageManager();
  const { code, output } = await run(command, [...args, 'pack', '--pack-destination', target], {
    cwd: folder,
    quiet: true,
  });
  if (code !== 0) throw new Error(`${name} cannot be packed\n${output}`);
  const [file] = await readdir(target);
  const path = join(target, file as string);
  const bytes = await readFile(path);
  const listed = await run('tar', ['-tvzf', path], { quiet: true });
  const sizes = listed.output.split('\n').map((line) => Number(line.trim().split(/\s+/)[2] ?? 0));
  const extracted = await run('tar', ['-xzOf', path, 'package/package.json'], { quiet: true });
  const { version } = JSON.parse(extracted.output) as { version: string };
  return {
    path,
    version,
    packedBytes: bytes.length,
    unpackedBytes: sizes.reduce((total, size) => total + (Number.isFinite(size) ? size : 0), 0),
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
}
