import { ANNOUNCED_BACKENDS, AVAILABLE_BACKENDS, packageOf } from './backend-name.ts';
import { discoverBackends } from './discover-backends.ts';
import type { DiscoveryOptions } from './places.ts';

/** An installed backend, or a backend of this project that is not installed. */
export interface BackendListing {
  readonly name: string;
  readonly packageName: string;
  /** `available`: its package can be installed. `announced`: it is not released yet. */
  readonly state: 'installed' | 'available' | 'announced';
  /** Absent if it is not installed. */
  readonly version?: string;
}

/**
 * Lists the installed backends in the order of discovery, then the other backends of this project. Runs none of their
 * code.
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
  const others = [
    ...AVAILABLE_BACKENDS.map((name) => ({ name, packageName: packageOf(name), state: 'available' as const })),
    ...ANNOUNCED_BACKENDS.map((name) => ({ name, packageName: packageOf(name), state: 'announced' as const })),
  ];
  return [...unique, ...others.filter(({ name }) => !unique.some((one) => one.name === name))];
}
