import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'] as const;

/** Scripts that npm runs when a package is installed from a registry, or from git (`prepare`). */
const SCRIPTS_OF_OURS = [...INSTALL_SCRIPTS, 'prepare'] as const;

/** The settings of pnpm about build scripts. */
export interface BuildSettings {
  /** The packages whose build scripts were judged, and whether they may run. */
  readonly allowBuilds?: Readonly<Record<string, boolean>>;
  /** Whether an installation fails if a package with build scripts was not judged. */
  readonly strictDepBuilds?: boolean;
  readonly dangerouslyAllowAllBuilds?: boolean;
}

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Problems of the settings, and installed packages with install scripts that the settings do not name. */
export function buildScriptProblems(settings: BuildSettings, withScripts: Iterable<string>): string[] {
  const { allowBuilds = {}, strictDepBuilds, dangerouslyAllowAllBuilds } = settings;
  const problems: string[] = [];
  if (strictDepBuilds !== true) problems.push('pnpm-workspace.yaml: set strictDepBuilds: true');
  if (dangerouslyAllowAllBuilds !== undefined) {
    problems.push('pnpm-workspace.yaml: remove dangerouslyAllowAllBuilds, and name each package in allowBuilds');
  }
  const found = new Set(withScripts);
  for (const name of found) {
    if (allowBuilds[name] === undefined) {
      problems.push(`${name} has install scripts: read them, and add it to allowBuilds with true or false`);
    }
  }
  for (const name of Object.keys(allowBuilds)) {
    if (!found.has(name)) problems.push(`${name} has no install scripts: remove it from allowBuilds`);
  }
  return problems;
}

/** Names of the packages in a folder of pnpm's virtual store that have install scripts, or are built with node-gyp. */
export function packagesWithScripts(virtualStore: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const key of readdirSync(virtualStore)) {
    const modules = join(virtualStore, key, 'node_modules');
    for (const folder of ownPackages(modules)) {
      const { name, scripts = {} } = read(join(folder, 'package.json'));
      const builds = INSTALL_SCRIPTS.some((script) => script in scripts) || readdirSync(folder).includes('binding.gyp');
      if (name !== undefined && builds) found.add(name);
    }
  }
  return found;
}

/** The scripts of a published package that would run on the machines of its users. */
export function scriptsOnInstall(manifest: Manifest): string[] {
  return SCRIPTS_OF_OURS.filter((script) => script in (manifest.scripts ?? {}));
}

/** The package folders in a `node_modules`, without links to others. */
function ownPackages(modules: string): string[] {
  return entriesOf(modules).flatMap(({ name, isFolder }) => {
    if (!isFolder) return [];
    const folder = join(modules, name);
    if (!name.startsWith('@')) return [folder];
    return entriesOf(folder).flatMap((entry) => (entry.isFolder ? [join(folder, entry.name)] : []));
  });
}

function entriesOf(folder: string): { name: string; isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}

function read(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
