import { type DedupeStore, type Logger, loadDedupeStore, type SharedDedupeStore } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/**
 * A store, or a function that may load one. The server closes a store that it loads; the owner of an instance closes
 * the instance.
 */
export type DedupeSource = DedupeStore | (() => Promise<SharedDedupeStore | undefined>);

/**
 * Opens the shared store for several replicas. `undefined`: this process remembers messages itself.
 *
 * @param source - default: {@link loadDedupeStore} on the environment
 * @throws ConfigurationError - a name or variable is wrong
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
