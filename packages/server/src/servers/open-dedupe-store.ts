import { type DedupeStore, type Logger, loadDedupeStore, type SharedDedupeStore } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/** A store, or how to load one, if any. What was loaded here is closed here; an instance stays its owner's. */
export type DedupeSource = DedupeStore | (() => Promise<SharedDedupeStore | undefined>);

/**
 * Opens what remembers for several replicas; `undefined`: this process does for itself.
 *
 * @param source - default: {@link loadDedupeStore} on the environment
 * @throws ConfigurationError - a name or variable that is wrong
 */
export async function openDedupeStore(
  source: DedupeSource | undefined,
  logger: Logger,
  add: (part: ServerPart) => void,
): Promise<DedupeStore | undefined> {
  if (typeof source === 'object') return source;
  const load = source ?? (() => loadDedupeStore({ logger, appRoot: '.', from: import.meta.url }));
  const store = await load();
  if (store !== undefined) add({ name: 'dedupe', health: () => store.health(), close: () => store.close() });
  return store;
}
