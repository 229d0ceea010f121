import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, packageManager } from '../run.ts';
import type { PublishedPackage } from './published-packages.ts';

/** The tarball of a package. */
export interface Tarball {
  readonly path: string;
  readonly version: string;
  readonly bytes: Buffer;
  /** Bytes of the files inside. */
  readonly unpackedBytes: number;
}

/**
 * Packs a package with pnpm, which replaces `workspace:` and `catalog:` ranges by versions. Expects `dist` to be built.
 *
 * @param work - a folder for the tarball
 */
export async function packPackage({ name, folder }: PublishedPackage, work: string): Promise<Tarball> {
  const target = join(work, name.replace('/', '+'));
  await mkdir(target, { recursive: true });
  const { command, args } = packageManager();
  // Without `prepack`, which builds again.
  await mustRun(command, [...args, '--config.ignore-scripts=true', 'pack', '--pack-destination', target], {
    cwd: folder,
  });
  const [file] = await readdir(target);
  if (file === undefined) throw new Error(`packing ${name} wrote no tarball`);
  const path = join(target, file);
  const { version } = JSON.parse(await mustRun('tar', ['-xzOf', path, 'package/package.json'])) as { version: string };
  const sizes = (await mustRun('tar', ['-tvzf', path])).trim().split('\n');
  const unpackedBytes = sizes.reduce((total, line) => total + Number(line.trim().split(/\s+/)[2]), 0);
  return { path, version, bytes: await readFile(path), unpackedBytes };
}
