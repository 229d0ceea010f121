import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { enclosingManifest, type Manifest, readManifest } from './read-manifest.ts';

/** A package whose direct dependencies may be backends. */
export interface Place {
  /** Its `package.json`, from which its dependencies resolve. */
  readonly path: string;
  /** Names of its direct dependencies, in the order of its `package.json`. */
  readonly dependencies: readonly string[];
  /** Those that are there for its development only. */
  readonly devDependencies: readonly string[];
}

/** Where to look for backends. */
export interface DiscoveryOptions {
  /**
   * Folder of the application: its `package.json` is there or above. Default: the working directory, and with `from`
   * none: a command looks into the folder it was started in only where it says so.
   */
  appRoot?: string;
  /** Location of the running command, its `import.meta.url`: looked at after the application. */
  from?: string | URL;
}

/** The application, then what the running command was installed into, then the package of the command itself. */
export function places({ appRoot, from }: DiscoveryOptions): Place[] {
  const root = appRoot ?? (from === undefined ? process.cwd() : undefined);
  const application = root === undefined ? undefined : enclosingManifest(resolve(root));
  const found = application ? [place(application)] : [];
  if (from === undefined) return found;
  const folder = dirname(realPath(/^file:/.test(String(from)) ? fileURLToPath(from) : resolve(String(from))));
  const installation = installationOf(folder);
  if (installation) found.push(installation);
  const own = enclosingManifest(folder);
  // What a published package has for its own development is not installed with it.
  if (own) found.push({ ...place(own), devDependencies: [] });
  return found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index);
}

/**
 * The project around the nearest `node_modules` that has one: of an application, of npx or of a global pnpm or yarn.
 * npm's global folder has no project: there, what lies in `node_modules` was asked for by its name.
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
