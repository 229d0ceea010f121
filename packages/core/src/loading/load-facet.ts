import type { Env } from '../config/env.ts';
import { BackendInvalidError, isQueueError } from '../contract/errors.ts';
import type { Logger } from '../contract/logger.ts';
import type { PluginFacets } from '../contract/plugin.ts';
import { chooseBackend } from './choose-backend.ts';
import { discoverBackends } from './discover-backends.ts';
import { importPlugin, importSubpath } from './import-plugin.ts';
import { installCommand } from './install-command.ts';
import type { DiscoveryOptions } from './places.ts';

/** Options of what loads a facet. */
export interface LoadFacetOptions extends DiscoveryOptions {
  /** Default `process.env`. */
  env?: Env;
  /** Default: none. Handed on to the backend. */
  logger?: Logger;
}

/** What a backend package may offer beside its queue: an export of a subpath that its manifest names. */
export interface Facet<T extends object> {
  /** The member of the manifest that names the subpath. */
  readonly member: keyof PluginFacets;
  /** The export that opens it: a function of environment and options. */
  readonly opener: string;
  /** What that returns: each member and its type. */
  readonly shape: { readonly [K in keyof T]: 'object' | 'function' };
}

/** A facet, and where it comes from. */
export interface LoadedFacet<T> {
  readonly facet: T;
  /** The name of the backend. */
  readonly backend: string;
  readonly packageName: string;
}

/** Which backend to load it from. */
export interface FacetSource {
  /** The name of the backend. */
  readonly selected: string;
  /** The variable that named it. */
  readonly variable: string;
  /** All variables. */
  readonly env: Env;
}

/**
 * Loads a facet of the installed backend of that name; `undefined`: it does not offer it. Opens no connection, and
 * logs nothing.
 *
 * @throws ConfigurationError - an invalid variable of the backend
 * @throws BackendNotFoundError - says what is installed, what is known and what to install
 * @throws BackendInvalidError - what was found does not keep what its manifest promises
 */
export async function loadFacet<T extends object>(
  { member, opener, shape }: Facet<T>,
  { selected, variable, env }: FacetSource,
  { appRoot, from, logger }: LoadFacetOptions,
): Promise<LoadedFacet<T> | undefined> {
  const installed = discoverBackends({
    ...(appRoot !== undefined && { appRoot }),
    ...(from !== undefined && { from }),
  });
  const install = (packageName: string): string => installCommand(packageName, appRoot, env);
  const { chosen } = chooseBackend({ selected, variable, installed, production: false, install });
  const { name, [member]: subpath } = await importPlugin(chosen);
  if (subpath === undefined) return undefined;
  const invalid = (problem: string, cause?: unknown): BackendInvalidError =>
    new BackendInvalidError(
      `${opener} of the backend ${name} ${problem}: update it or tell its author`,
      cause === undefined ? {} : { cause },
    );

  const { [opener]: open } = await importSubpath(chosen, subpath);
  if (typeof open !== 'function') throw invalid('is not exported');
  let opened: Record<string, unknown> | undefined;
  try {
    opened = open(env, logger && { logger });
  } catch (cause) {
    throw isQueueError(cause) ? cause : invalid('throws', cause);
  }
  const fits = Object.entries(shape).every(([key, type]) => typeof opened?.[key] === type);
  if (opened === undefined || !fits) throw invalid(`returns no { ${Object.keys(shape).join(', ')} }`);
  return { facet: opened as T, backend: name, packageName: chosen.packageName };
}
