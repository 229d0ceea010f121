import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * The text that must accompany a bundle: name, version and licence of every package with bundled modules.
 *
 * @param modules - paths of the bundled modules; those outside `node_modules` belong to this repository
 * @throws Error if a package names no licence
 */
export function thirdPartyLicenses(modules: Iterable<string>): string {
  const foreign = [...modules].filter((path) => path.startsWith('/') && path.includes('/node_modules/'));
  const packages = new Map(foreign.map(packageOf).map((found) => [found.folder, found]));
  const sections = [...packages.values()].map(section).toSorted();
  return `${['The bundled packages and their licences.', ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Reads the nearest manifest with a name and a version. Others in between only declare the format of the files. */
function packageOf(path: string): Package {
  const folder = dirname(path);
  if (folder === path) throw new Error('a bundled module does not belong to a package');
  const file = join(folder, 'package.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>) : {};
  const { name, version } = manifest;
  return name === undefined || version === undefined
    ? packageOf(folder)
    : { folder, manifest: { ...manifest, name, version } };
}

function section({ folder, manifest: { name, version, license } }: Package): string {
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (license === undefined && file === undefined) throw new Error(`${name}@${version} names no licence`);
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `${name} ${version}: ${license ?? 'see below'}${text}`;
}
