import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiVersionProblem } from '../contract/api-version.ts';
import { BackendInvalidError } from '../contract/errors.ts';
import { isBackendPlugin, pluginProblem } from '../contract/is-backend-plugin.ts';
import { isJsonObject, type JsonValue } from '../contract/json.ts';
import type { BackendPlugin, PluginFacets } from '../contract/plugin.ts';
import type { InstalledBackend } from './discover-backends.ts';
import { readManifest } from './read-manifest.ts';

type FacetPath = NonNullable<PluginFacets[keyof PluginFacets]>;

/**
 * Imports an installed backend and returns its manifest.
 *
 * @throws BackendInvalidError - the API version differs, the package cannot be loaded, or its default export is not the
 *   plugin of this backend
 */
export async function importPlugin(installed: InstalledBackend): Promise<BackendPlugin> {
  const { name, packageName, apiVersion } = installed;
  if (typeof apiVersion !== 'number') {
    throw new BackendInvalidError(
      `${packageName} does not say in its package.json which version of the backend API it uses. Update the package or report this to its author`,
    );
  }
  const otherVersion = apiVersionProblem(apiVersion, packageName);
  if (otherVersion !== undefined) throw new BackendInvalidError(otherVersion);
  const plugin = await importDefault(installed);
  const inCode = isJsonObject(plugin) ? plugin['apiVersion'] : undefined;
  if (typeof inCode === 'number' && inCode !== apiVersion) {
    throw new BackendInvalidError(
      `the backend in ${packageName} has the apiVersion ${apiVersion} in its package.json but ${inCode} in its code. Update the package or report this to its author`,
    );
  }
  if (!isBackendPlugin(plugin)) {
    throw new BackendInvalidError(
      `the default export of ${packageName} is not a backend plugin: ${pluginProblem(plugin)}. Update the package or report this to its author`,
    );
  }
  if (plugin.name !== name) {
    throw new BackendInvalidError(
      `the backend in ${packageName} is named ${name} in its package.json but ${plugin.name} in its code. Update the package or report this to its author`,
    );
  }
  return plugin;
}

/**
 * Imports a subpath of an installed backend.
 *
 * @throws BackendInvalidError - the subpath cannot be loaded
 */
export async function importSubpath(
  installed: InstalledBackend,
  subpath: FacetPath,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(entryOf(installed, subpath)).href);
  } catch (cause) {
    const specifier = `${installed.packageName}${subpath.slice(1)}`;
    throw new BackendInvalidError(`${specifier} cannot be loaded. Reinstall the package or report this to its author`, {
      cause,
    });
  }
}

async function importDefault(installed: InstalledBackend): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(entryOf(installed)).href);
  } catch (cause) {
    throw new BackendInvalidError(
      `${installed.packageName} cannot be loaded. Reinstall the package or report this to its author`,
      { cause },
    );
  }
  const exported = module.default;
  // A module compiled to CommonJS has its default export one level deeper.
  return isJsonObject(exported) && !isBackendPlugin(exported) && 'default' in exported ? exported['default'] : exported;
}

function entryOf({ packageName, folder, dependentPath }: InstalledBackend, subpath: '.' | FacetPath = '.'): string {
  try {
    return createRequire(dependentPath).resolve(`${packageName}${subpath.slice(1)}`);
  } catch (error) {
    // `require` cannot resolve an entry that is exported for `import` only.
    const { code } = error as NodeJS.ErrnoException;
    const target = code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' && importTarget(exportsOf(folder, subpath));
    if (!target || !/^\.\/(?!.*\.\.)/.test(target)) throw error;
    return join(folder, target);
  }
}

function exportsOf(folder: string, subpath: string): JsonValue | undefined {
  const exported = readManifest(folder)?.content['exports'];
  if (subpath === '.') return exported;
  return isJsonObject(exported) ? exported[subpath] : undefined;
}

/**
 * Returns the file in `exports` that an `import` resolves to. Ignores custom conditions from Node's `--conditions`
 * option.
 */
function importTarget(exported: JsonValue | undefined): string | undefined {
  if (typeof exported === 'string') return exported;
  if (!isJsonObject(exported)) return undefined;
  for (const [key, value] of Object.entries(exported)) {
    const target = CONDITIONS.has(key) ? importTarget(value) : undefined;
    if (target !== undefined) return target;
  }
  return undefined;
}

const CONDITIONS: ReadonlySet<string> = new Set(['.', 'import', 'node', 'default']);
