import { AVAILABLE_BACKENDS, packageOf } from './backend-name.ts';
import { discoverBackends } from './discover-backends.ts';
import type { DiscoveryOptions } from './places.ts';

/** An installed backend, or a backend of this project that is not installed. */
export interface BackendListing {
  readonly name: string;
  readonly packageName: string;
  /** Whether the package of the backend is `installed`, or can be installed (`available`). */
  readonly state: 'installed' | 'available';
  /** The installed version; absent if the backend is not installed. */
  readonly version?: string;
}

/**
 * Lists the installed backends in the order of discovery, then the other backends of this project, without running
 * their code.
 */
export function listBackends(options: DiscoveryOptions = {}): BackendListing[] {
  const installed = discoverBackends(options).map(({ name, packageName, version }) => ({
    name,
    packageName,
    state: 'installed' as const,
    ...(version !== undefined && { version }),
  }));
  const unique = installed.filter(
    (one, index) => installed.findIndex((other) => other.packageName === one.packageName) === index,
  );
  const others = AVAILABLE_BACKENDS.map((name) => ({
    name,
    packageName: packageOf(name),
    state: 'available' as const,
  }));
  return [...unique, ...others.filter(({ name }) => !unique.some((one) => one.name === name))];
}
