import { readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import type { SharedDedupeStore } from '../contract/dedupe-store.ts';
import { DEVELOPMENT_BACKEND, isBackendName } from './backend-name.ts';
import { type Facet, type LoadFacetOptions, loadFacet } from './load-facet.ts';

/** Options of {@link loadDedupeStore}. */
export type LoadDedupeStoreOptions = LoadFacetOptions;

const VARIABLE = 'SLACK_EVENTS_DEDUPE';

const DEDUPE_STORE: Facet<SharedDedupeStore> = {
  member: 'dedupeStore',
  opener: 'openDedupeStore',
  shape: { claim: 'function', health: 'function', close: 'function' },
};

/**
 * Loads the dedupe store of the backend in `SLACK_EVENTS_DEDUPE`, which may differ from the backend of the queue.
 * Returns `undefined` if `SLACK_EVENTS_DEDUPE` is unset or `memory`: each process then keeps its own record. Opens no
 * connection.
 *
 * @throws ConfigurationError - the name or a variable of the backend is invalid, or the backend has no dedupe store
 * @throws BackendNotFoundError - the backend is not installed; the message lists the installed and known backends and
 *   the install command
 * @throws BackendInvalidError - the package does not export what its manifest declares
 */
export async function loadDedupeStore(options: LoadDedupeStoreOptions = {}): Promise<SharedDedupeStore | undefined> {
  const env = readEnv(QUEUE_ENV, options.env);
  const selected = env.string(VARIABLE)?.toLowerCase();
  if (selected === undefined || selected === DEVELOPMENT_BACKEND) return undefined;
  if (!isBackendName(selected)) throw env.error(VARIABLE, 'is not a valid backend name');
  const loaded = await loadFacet(DEDUPE_STORE, { selected, variable: VARIABLE, env: env.source }, options);
  if (loaded === undefined) {
    throw env.error(VARIABLE, `names the backend ${selected}, which has no dedupe store`);
  }
  options.logger?.info({ backend: loaded.backend, package: loaded.packageName }, 'dedupe_store_loaded');
  return loaded.facet;
}
