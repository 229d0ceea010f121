import type { Env } from '../config/env.ts';
import { BackendInvalidError, isQueueError } from '../contract/errors.ts';
import type { Logger } from '../contract/logger.ts';
import type { PluginFacets } from '../contract/plugin.ts';
import { chooseBackend } from './choose-backend.ts';
import { discoverBackends } from './discover-backends.ts';
import { importPlugin, importSubpath } from './import-plugin.ts';
import { installCommand } from './install-command.ts';
import type { DiscoveryOptions } from './places.ts';

/** Options for loading a facet. */
export interface LoadFacetOptions extends DiscoveryOptions {
  /** The environment variables. Default `process.env`. */
  env?: Env;
  /** The logger, also passed to the backend. Default: none. */
  logger?: Logger;
}

/** An optional feature of a backend package, which the package exports from a subpath that its manifest names. */
export interface Facet<T extends object> {
  /** The member of the plugin manifest that contains the facet's subpath. */
  readonly member: keyof PluginFacets;
  /** The name of the export that opens the facet: a function that takes the environment and options. */
  readonly opener: string;
  /** The members of the object that the `opener` function returns, with their types. */
  readonly shape: { readonly [K in keyof T]: 'object' | 'function' };
}

/** A loaded facet and its origin. */
export interface LoadedFacet<T> {
  readonly facet: T;
  /** The name of the backend. */
  readonly backend: string;
  readonly packageName: string;
}

/** The backend to load a facet from. */
export interface FacetSource {
  /** The name of the backend. */
  readonly selected: string;
  /** The variable that contains the name of the backend. */
  readonly variable: string;
  /** All environment variables. */
  readonly env: Env;
}

/**
 * Loads a facet of an installed backend. Returns `undefined` if the backend does not have the facet. Opens no
 * connection and logs nothing.
 *
 * @throws ConfigurationError - a variable of the backend is invalid
 * @throws BackendNotFoundError - the backend is not installed; the message lists the installed and known backends and
 *   the install command
 * @throws BackendInvalidError - the package does not export what its manifest declares
 */
export async function loadFacet<T extends object>(
  { member, opener, shape }: Facet<T>,
  { selected, variable, env }: FacetSource,
  { appRoot, from, logger }: LoadFacetOptions,
): Promise<LoadedFacet<T> | undefined> {
  const discovery = discoverBackends({
    ...(appRoot !== undefined && { appRoot }),
    ...(from !== undefined && { from }),
  });
  const install = (packageName: string): string => installCommand(packageName, appRoot, env);
  const { chosen } = chooseBackend({ ...discovery, selected, variable, production: false, install });
  const { name, [member]: subpath } = await importPlugin(chosen);
  if (subpath === undefined) return undefined;
  const invalid = (problem: string, cause?: unknown): BackendInvalidError =>
    new BackendInvalidError(
      `the export ${opener} of the backend ${name} is not valid: ${problem}. Update the package or report this to its author`,
      cause === undefined ? {} : { cause },
    );

  const { [opener]: open } = await importSubpath(chosen, subpath);
  if (typeof open !== 'function') throw invalid('it is missing or not a function');
  let opened: Record<string, unknown> | undefined;
  try {
    opened = open(env, logger && { logger });
  } catch (cause) {
    throw isQueueError(cause) ? cause : invalid('it throws an error', cause);
  }
  const fits = Object.entries(shape).every(([key, type]) => typeof opened?.[key] === type);
  if (opened === undefined || !fits) throw invalid(`it does not return { ${Object.keys(shape).join(', ')} }`);
  return { facet: opened as T, backend: name, packageName: chosen.packageName };
}
