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
 * Loads the store of the backend that `SLACK_EVENTS_DEDUPE` names, which need not be the one of the queue; `undefined`
 * where it names none, or `memory`: a process remembers for itself. Opens no connection.
 *
 * @throws ConfigurationError - an invalid name or variable of the backend, or a backend that offers no such store
 * @throws BackendNotFoundError - says what is installed, what is known and what to install
 * @throws BackendInvalidError - what was found does not keep what its manifest promises
 */
export async function loadDedupeStore(options: LoadDedupeStoreOptions = {}): Promise<SharedDedupeStore | undefined> {
  const env = readEnv(QUEUE_ENV, options.env);
  const selected = env.string(VARIABLE)?.toLowerCase();
  if (selected === undefined || selected === DEVELOPMENT_BACKEND) return undefined;
  if (!isBackendName(selected)) throw env.error(VARIABLE, 'is not the name of a backend');
  const loaded = await loadFacet(DEDUPE_STORE, { selected, variable: VARIABLE, env: env.source }, options);
  if (loaded === undefined) {
    throw env.error(VARIABLE, `names the backend ${selected}, which offers no store of what was published`);
  }
  options.logger?.info({ backend: loaded.backend, package: loaded.packageName }, 'dedupe_store_loaded');
  return loaded.facet;
}
