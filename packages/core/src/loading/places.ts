import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { enclosingManifest, type Manifest, readManifest } from './read-manifest.ts';

/** A package whose direct dependencies may be backends. */
export interface Place {
  /** The path of the package's `package.json`, from which its dependencies are resolved. */
  readonly path: string;
  /** Names of the package's direct dependencies, in the order of its `package.json`. */
  readonly dependencies: readonly string[];
  /** Names of the package's development dependencies. */
  readonly devDependencies: readonly string[];
}

/** Defines where the loader searches for backends. */
export interface DiscoveryOptions {
  /**
   * Folder of the application: the folder of its `package.json`, or a folder inside it. Default: the working directory,
   * or no folder if `from` is set. A command searches its working directory only if it sets `appRoot`.
   */
  appRoot?: string;
  /**
   * Location of the running command, for example its `import.meta.url`. The loader first searches the application, then
   * the packages around this location.
   */
  from?: string | URL;
}

/**
 * Returns the packages to search: the application, the project in which the command is installed, and the package of
 * the command.
 */
export function places({ appRoot, from }: DiscoveryOptions): Place[] {
  const root = appRoot ?? (from === undefined ? process.cwd() : undefined);
  const application = root === undefined ? undefined : enclosingManifest(resolve(root));
  const found = application ? [place(application)] : [];
  if (from === undefined) return found;
  const folder = dirname(realPath(/^file:/.test(String(from)) ? fileURLToPath(from) : resolve(String(from))));
  const installation = installationOf(folder);
  if (installation) found.push(installation);
  const own = enclosingManifest(folder);
  // The development dependencies of a published package are not installed with it.
  if (own) found.push({ ...place(own), devDependencies: [] });
  return found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index);
}

/**
 * Returns the project in which a package is installed: the nearest `node_modules` folder with a `package.json` beside
 * it, as in an application, in the cache of npx, or in a global installation of pnpm or yarn. The global folder of npm
 * has no `package.json`, so all packages in it count as dependencies.
 */
function installationOf(folder: string): Place | undefined {
  let modules: string | undefined;
  for (let current = folder; current !== dirname(current); current = dirname(current)) {
    if (basename(current) !== 'node_modules') continue;
    const manifest = readManifest(dirname(current));
    if (manifest) return place(manifest);
    modules = current;
  }
  if (modules === undefined) return undefined;
  return { path: join(dirname(modules), 'package.json'), dependencies: [], devDependencies: packagesIn(modules) };
}

function place({ path, content }: Manifest): Place {
  const dependencies = [...names(content, 'dependencies'), ...names(content, 'optionalDependencies')];
  return { path, dependencies, devDependencies: names(content, 'devDependencies') };
}

function names(content: JsonObject, field: string): string[] {
  const dependencies = content[field];
  return isJsonObject(dependencies) ? Object.keys(dependencies) : [];
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
