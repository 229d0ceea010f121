import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { enclosingManifest, type Manifest, readManifest } from './read-manifest.ts';

/** A package whose direct dependencies may be backends. */
export interface Place {
  /** The path of its `package.json`, from which its dependencies resolve. */
  readonly path: string;
  /** Names of its direct dependencies, in the order of its `package.json`. */
  readonly dependencies: readonly string[];
  /** Names of its development dependencies. */
  readonly devDependencies: readonly string[];
}

/** Where to look for backends. */
export interface DiscoveryOptions {
  /**
   * Folder of the application: the folder of its `package.json`, or a folder inside that folder. Default: the working
   * directory, or no folder if `from` is set. A command searches the folder it was started in only if it sets
   * `appRoot`.
   */
  appRoot?: string;
  /** Location of the running command, its `import.meta.url`. It is searched after the application. */
  from?: string | URL;
}

/** The places to search: the application, the project that the command is installed in, the package of the command. */
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
 * The project of the nearest `node_modules` folder that has a `package.json` beside it: an application, npx, or a
 * global pnpm or yarn installation. The global folder of npm has no such file: all packages in it were installed by
 * name.
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
