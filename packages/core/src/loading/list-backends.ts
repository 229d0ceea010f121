import { AVAILABLE_BACKENDS, packageOf } from './backend-name.ts';
import { discoverBackends } from './discover-backends.ts';
import type { DiscoveryOptions } from './places.ts';

/** An installed backend, a package that is not a valid backend, or a backend of this project that is not installed. */
export interface BackendListing {
  readonly name: string;
  readonly packageName: string;
  /**
   * Whether the package of the backend is `installed`, is installed but has a wrong field `slack-mcp` (`invalid`), or
   * can be installed (`available`).
   */
  readonly state: 'installed' | 'invalid' | 'available';
  /** The installed version; absent if the backend is not installed. */
  readonly version?: string;
  /** Why the package is not a valid backend; only for `invalid`. */
  readonly problem?: string;
}

/**
 * Lists the installed backends in the order of discovery, then packages that are not valid backends, then the other
 * backends of this project. Runs no code of the packages.
 */
export function listBackends(options: DiscoveryOptions = {}): BackendListing[] {
  const discovery = discoverBackends(options);
  const installed = discovery.installed.map(({ name, packageName, version }) => ({
    name,
    packageName,
    state: 'installed' as const,
    ...(version !== undefined && { version }),
  }));
  const invalid = discovery.ignored.map(({ packageName, problem, claimed = packageName }) => ({
    name: claimed,
    packageName,
    state: 'invalid' as const,
    problem,
  }));
  const unique = installed.filter(
    (one, index) => installed.findIndex((other) => other.packageName === one.packageName) === index,
  );
  const others = AVAILABLE_BACKENDS.map((name) => ({
    name,
    packageName: packageOf(name),
    state: 'available' as const,
  }));
  return [...unique, ...invalid, ...others.filter(({ name }) => !unique.some((one) => one.name === name))];
}
