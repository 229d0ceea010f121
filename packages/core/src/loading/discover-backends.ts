import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type DiscoveryOptions, places } from './places.ts';
import { type Manifest, readManifest } from './read-manifest.ts';
import { readMarker } from './read-marker.ts';

/** A direct dependency whose `package.json` marks it as a backend. The loader has not run any code of the package. */
export interface InstalledBackend {
  /** The name of the backend in `QUEUE_BACKEND`. */
  readonly name: string;
  readonly packageName: string;
  readonly version?: string;
  /** The API version in the `package.json` of the backend. Checked when the backend is loaded. */
  readonly apiVersion: unknown;
  /** The folder of the package. */
  readonly folder: string;
  /** The path of the `package.json` that depends on the backend. */
  readonly dependentPath: string;
  /** Whether the loader may choose the backend if no name is given. False for development dependencies. */
  readonly automatic: boolean;
}

/** A direct dependency whose `package.json` has a field `slack-mcp` that does not mark a backend. */
export interface IgnoredPackage {
  readonly packageName: string;
  readonly problem: string;
  /** The name in the field, if it is a text. */
  readonly claimed?: string;
}

/** The result of {@link discoverBackends}. An installed backend occurs once for each place that depends on it. */
export interface Discovery {
  readonly installed: readonly InstalledBackend[];
  readonly ignored: readonly IgnoredPackage[];
}

/**
 * Finds the backends among the direct dependencies of the application, then of the running command. Reads only
 * `package.json` files.
 *
 * @throws ConfigurationError - the `package.json` of the application or of a dependency is not valid
 */
export function discoverBackends(options: DiscoveryOptions = {}): Discovery {
  const installed: InstalledBackend[] = [];
  const ignored: IgnoredPackage[] = [];
  for (const { path, dependencies, devDependencies } of places(options)) {
    for (const packageName of new Set([...dependencies, ...devDependencies])) {
      const manifest = dependencyManifest(packageName, path);
      const marker = manifest && readMarker(manifest.content, packageName);
      if (manifest === undefined || marker === undefined) continue;
      if ('problem' in marker) {
        if (!ignored.some((other) => other.packageName === packageName)) ignored.push({ packageName, ...marker });
        continue;
      }
      const { version } = manifest.content;
      installed.push({
        ...marker,
        packageName,
        ...(typeof version === 'string' && { version }),
        folder: dirname(manifest.path),
        dependentPath: path,
        automatic: dependencies.includes(packageName),
      });
    }
  }
  return { installed, ignored };
}

/** Matches valid npm package names, but no paths. */
const PACKAGE_NAME = /^(@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;

function dependencyManifest(packageName: string, dependentPath: string): Manifest | undefined {
  if (!PACKAGE_NAME.test(packageName)) return undefined;
  if (process.versions['pnp'] !== undefined) return plugAndPlayManifest(packageName, dependentPath);
  // Not resolved by Node: a package may not export its package.json, and NODE_PATH does not belong to the application.
  return inNodeModules(dirname(dependentPath), packageName);
}

function inNodeModules(folder: string, packageName: string): Manifest | undefined {
  const parent = dirname(folder);
  return (
    readManifest(join(folder, 'node_modules', packageName)) ??
    (parent === folder ? undefined : inNodeModules(parent, packageName))
  );
}

/** The function that Yarn Plug'n'Play adds to `node:module`. */
interface PlugAndPlay {
  findPnpApi?(path: string): { resolveToUnqualified(request: string, issuer: string): string | null } | null;
}

/**
 * Finds a package through the resolution of Yarn Plug'n'Play, which has no node_modules folder. Also finds the folder
 * of a package that does not export its package.json.
 */
function plugAndPlayManifest(packageName: string, dependentPath: string): Manifest | undefined {
  try {
    const api = (nodeModule as PlugAndPlay).findPnpApi?.(dependentPath);
    const folder = api?.resolveToUnqualified(packageName, dependentPath);
    return readManifest(folder ?? dirname(createRequire(dependentPath).resolve(`${packageName}/package.json`)));
  } catch {
    return undefined;
  }
}
