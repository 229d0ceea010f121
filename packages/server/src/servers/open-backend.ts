import { type Logger, loadBackend, type QueueBackend, withinTime } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/** Milliseconds after which a broker that has not accepted the server counts as unavailable. */
const CHECK_TIMEOUT_MS = 3_000;

/**
 * A backend, or a function that loads one. The server closes a backend that it loads; the owner of an instance closes
 * the instance.
 */
export type BackendSource = QueueBackend | (() => Promise<QueueBackend>);

/**
 * Loads the backend and checks whether the broker accepts it.
 *
 * @param source - default: {@link loadBackend} on the environment
 * @throws errors that waiting cannot fix: credentials, topology, configuration
 */
export async function openBackend(
  source: BackendSource | undefined,
  logger: Logger,
  add: (part: ServerPart) => void,
): Promise<QueueBackend> {
  const owned = source === undefined || typeof source === 'function';
  const load = async (): Promise<QueueBackend> =>
    (await loadBackend({ logger, appRoot: '.', from: import.meta.url })).backend;
  const backend = owned ? await (source ?? load)() : source;
  add({
    name: 'backend',
    health: () => backend.health(),
    ...(owned ? { close: (drainTimeoutMs) => backend.close({ drainTimeoutMs }) } : {}),
  });
  await checkBackend(backend, logger);
  return backend;
}

/**
 * Checks with an independent consumer: it leaves nothing at the broker, and finds every error that a publisher would
 * find.
 */
async function checkBackend(backend: QueueBackend, logger: Logger): Promise<void> {
  const probe = backend.consume({ prefetch: 1 });
  try {
    if ((await withinTime(probe.ready, CHECK_TIMEOUT_MS)) === 'late') {
      logger.warn({ backend: backend.name }, 'queue_backend_unreachable');
    }
  } finally {
    await probe.close({ drainTimeoutMs: 0 });
  }
}
