import { type DedupeStore, type Logger, loadDedupeStore, type SharedDedupeStore } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/**
 * A dedupe store, or a function that may load a store. The server closes a store that it has loaded itself; the caller
 * closes a store that it passes.
 */
export type DedupeSource = DedupeStore | (() => Promise<SharedDedupeStore | undefined>);

/**
 * Opens the dedupe store that several replicas share. Returns `undefined` if no shared store is configured; the process
 * then remembers messages itself.
 *
 * @param source - default: {@link loadDedupeStore} with the environment
 * @throws ConfigurationError - the name of the store, or one of its variables, is invalid
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
