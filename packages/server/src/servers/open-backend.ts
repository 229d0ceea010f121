import { type Logger, loadBackend, type QueueBackend, withinTime } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/** Milliseconds after which a broker that has not accepted a connection counts as unavailable. */
const CHECK_TIMEOUT_MS = 3_000;

/**
 * A queue backend, or a function that loads a backend. The server closes a backend that it has loaded itself; the
 * caller closes a backend that it passes.
 */
export type BackendSource = QueueBackend | (() => Promise<QueueBackend>);

/**
 * Loads the backend and checks whether it can connect to the broker.
 *
 * @param source - default: {@link loadBackend} with the environment
 * @param canWait - whether the server can accept events while the broker is unavailable; the server is then ready
 * without a broker
 * @throws the backend's error, if waiting cannot fix it: wrong credentials, topology or configuration
 */
export async function openBackend(
  source: BackendSource | undefined,
  logger: Logger,
  add: (part: ServerPart) => void,
  canWait: () => boolean = () => false,
): Promise<QueueBackend> {
  const owned = source === undefined || typeof source === 'function';
  const load = async (): Promise<QueueBackend> =>
    (await loadBackend({ logger, appRoot: '.', from: import.meta.url })).backend;
  const backend = owned ? await (source ?? load)() : source;
  add({
    name: 'queue_backend',
    health: async () => {
      const health = await backend.health();
      return health.status === 'down' && canWait() ? { ...health, status: 'degraded' } : health;
    },
    ...(owned ? { close: (drainTimeoutMs) => backend.close({ drainTimeoutMs }) } : {}),
  });
  await checkBackend(backend, logger);
  return backend;
}

async function checkBackend(backend: QueueBackend, logger: Logger): Promise<void> {
  if ((await probeBackend(backend, CHECK_TIMEOUT_MS)) === 'late') {
    logger.warn({ backend: backend.name }, 'queue_backend_unreachable');
  }
}

/**
 * Checks the broker with an independent consumer, because such a consumer leaves no queue at the broker and finds every
 * error that a publisher would find. Resolves with `late` if the broker does not answer within `timeoutMs`
 * milliseconds.
 *
 * @throws the backend's error, if waiting cannot fix it
 */
export async function probeBackend(backend: QueueBackend, timeoutMs: number): Promise<'settled' | 'late'> {
  const probe = backend.consume({ prefetch: 1 });
  try {
    return await withinTime(probe.ready, timeoutMs);
  } finally {
    await probe.close({ drainTimeoutMs: 0 });
  }
}
