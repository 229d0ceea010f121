import { KNOWN_BACKENDS, packageOf } from './backend-name.ts';
import { discoverBackends } from './discover-backends.ts';
import type { DiscoveryOptions } from './places.ts';

/** A backend that is installed, or one of this project's that is not. */
export interface BackendListing {
  readonly name: string;
  readonly packageName: string;
  readonly installed: boolean;
  /** Absent where it is not installed. */
  readonly version?: string;
}

/** The installed backends in the order they are found, then the known ones that are not. Runs none of their code. */
export function listBackends(options: DiscoveryOptions = {}): BackendListing[] {
  const installed = discoverBackends(options).map(({ name, packageName, version }) => ({
    name,
    packageName,
    installed: true,
    ...(version !== undefined && { version }),
  }));
  const unique = installed.filter(
    (one, index) => installed.findIndex((other) => other.packageName === one.packageName) === index,
  );
  const missing = KNOWN_BACKENDS.filter((name) => !unique.some((one) => one.name === name));
  return [...unique, ...missing.map((name) => ({ name, packageName: packageOf(name), installed: false }))];
}
