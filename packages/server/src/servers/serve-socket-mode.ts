import { type Logger, withinTime } from '@slack-mcp/core';
import type { Ingress } from '../ingress/ingress.ts';
import { openSocketMode, type SocketMode } from '../ingress/socket-mode.ts';
import type { CreateSocketModeClient } from '../ingress/socket-mode-client.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServerPart } from './compose-server.ts';

/** Milliseconds that Slack may take to accept the first connection before the server goes on without it. */
const START_TIMEOUT_MS = 3_000;

/** The part of a server that receives over Socket Mode. */
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
  const isConnected = (): boolean => socketMode?.isConnected === true;
  metrics.gauge('slack_mcp_socket_mode_connected', 'Whether Slack is connected.', () => Number(isConnected()));
  add({
    name: 'socket_mode',
    health: () => ({ status: isConnected() ? 'up' : 'down' }),
    begin: async () => {
      socketMode = openSocketMode({ ...rest, logger });
      closed.resolve(socketMode.closed);
      if ((await withinTime(socketMode.ready, START_TIMEOUT_MS)) === 'late') logger.warn({}, 'socket_mode_unreachable');
    },
    closed: closed.promise,
    close: async (drainTimeoutMs) => socketMode?.close({ drainTimeoutMs }),
  });
}
