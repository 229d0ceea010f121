import { readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import type { SharedIdempotencyStore } from '../contract/idempotency-store.ts';
import { selectedName } from './backend-name.ts';
import { type Facet, type LoadFacetOptions, loadFacet } from './load-facet.ts';

/** Options of {@link loadIdempotencyStore}. */
export type LoadIdempotencyStoreOptions = LoadFacetOptions;

const IDEMPOTENCY_STORE: Facet<Omit<SharedIdempotencyStore, 'abandon'>> = {
  member: 'idempotencyStore',
  opener: 'openIdempotencyStore',
  shape: { claim: 'function', complete: 'function', release: 'function', close: 'function' },
};

/**
 * Loads the store for the idempotency keys of tools from the backend in `QUEUE_BACKEND`. Returns `undefined` if
 * `QUEUE_BACKEND` is unset, or names a backend that does not store idempotency keys. Opens no connection and logs
 * nothing.
 *
 * @throws ConfigurationError - `QUEUE_BACKEND` or a variable of the backend is invalid
 * @throws BackendNotFoundError - the backend is not installed; the message lists the installed and known backends and
 *   the install command
 * @throws BackendInvalidError - the package does not export what its manifest declares
 */
export async function loadIdempotencyStore(
  options: LoadIdempotencyStoreOptions = {},
): Promise<SharedIdempotencyStore | undefined> {
  const env = readEnv(QUEUE_ENV, options.env);
  const selected = selectedName(env);
  if (selected === undefined) return undefined;
  const source = { selected, variable: 'QUEUE_BACKEND', env: env.source };
  return (await loadFacet(IDEMPOTENCY_STORE, source, options))?.facet;
}
