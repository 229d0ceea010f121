import { type ComponentHealth, type Logger, withinTime } from '@slack-mcp/core';
import type { Ingress } from '../ingress/ingress.ts';
import { openSocketMode, type SocketMode, type SocketModeStatus } from '../ingress/socket-mode.ts';
import type { CreateSocketModeClient } from '../ingress/socket-mode-client.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServerPart } from './compose-server.ts';

/**
 * Maximum time in milliseconds to wait for the first connection. If no connection opens in time, the server starts
 * without a connection.
 */
const START_TIMEOUT_MS = 3_000;

/** Adds the component that receives events over Socket Mode. */
export function serveSocketMode(
  options: {
    readonly createClient: CreateSocketModeClient;
    readonly ingress: Ingress;
    readonly logger: Logger;
    readonly metrics: Metrics;
  },
  add: (part: ServerPart) => void,
): void {
  const { metrics, logger, ...rest } = options;
  const closed = Promise.withResolvers<void>();
  let socketMode: SocketMode | undefined;
  const status = (): SocketModeStatus => socketMode?.status ?? { state: 'connecting', connections: 0, failures: 0 };
  metrics.gauge('socketModeConnected', () => [{ labels: {}, value: Number(status().state === 'connected') }]);
  metrics.gauge('socketModeConnections', () => [{ labels: {}, value: status().connections }]);
  metrics.gauge('socketModeFailures', () => [{ labels: {}, value: status().failures }]);
  add({
    name: 'socket_mode',
    health: () => healthOf(status()),
    begin: async () => {
      socketMode = openSocketMode({ ...rest, logger });
      closed.resolve(socketMode.closed);
      if ((await withinTime(socketMode.ready, START_TIMEOUT_MS)) === 'late') logger.warn({}, 'socket_mode_unreachable');
    },
    closed: closed.promise,
    close: async (drainTimeoutMs) => socketMode?.close({ drainTimeoutMs }),
  });
}

/**
 * Returns the health of Socket Mode. Between two connections, the health is `degraded`. After repeated failures, or
 * before the first connection, the health is `down`, because no events arrive.
 */
function healthOf({ state, connections, failures, reason }: SocketModeStatus): ComponentHealth {
  const detail = { state, connections, failures, ...(reason !== undefined && { reason }) };
  if (state === 'connected') return { status: 'up', detail };
  return { status: connections > 0 && failures <= 1 ? 'degraded' : 'down', detail };
}
