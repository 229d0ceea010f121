import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string; readonly email?: string };
}

interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The terms of this repository, which are those of MIT. */
const OURS = join(import.meta.dirname, '../../../LICENSE');

/**
 * The text that must accompany a bundle: name, version and the terms of every package with bundled modules.
 *
 * @param modules - paths of the bundled modules; those outside `node_modules` belong to this repository
 * @throws Error if a package has no terms of its licence
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

function section({ folder, manifest }: Package): string {
  const { name, version, license = 'see below' } = manifest;
  const read = (pattern: RegExp): string | undefined => {
    const file = readdirSync(folder).find((entry) => pattern.test(entry));
    return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
  };
  const terms = read(/^(licen[cs]e|copying)/i) ?? reconstructed(manifest);
  // Apache-2.0 requires the notice of the package in copies.
  const notice = read(/^notice/i);
  return [`${name} ${version}: ${license}`, terms, ...(notice === undefined ? [] : [notice])].join('\n\n');
}

/** The terms of a package without a file of its licence: those of MIT are the same for every package. */
function reconstructed({ name, version, license, author }: Manifest): string {
  if (license === undefined) throw new Error(`${name}@${version} names no licence`);
  const holder = typeof author === 'object' ? `${author.name} <${author.email}>` : author;
  if (license !== 'MIT' || holder === undefined) {
    throw new Error(`${name}@${version} has no text of its licence ${license}: use another package`);
  }
  return readFileSync(OURS, 'utf8')
    .trim()
    .replace(/^Copyright .*$/m, `Copyright (c) ${holder}`);
}
