import { ConfigurationError, type Logger, type Metrics, type QueueBackend } from '@slack-mcp/core';
import { createOps, mountConsole, mountOps, type Ops, type OpsContext, type OpsSettings } from '@slack-mcp/core/ops';
import type { FastifyInstance } from 'fastify';
import { createHttpApp } from '../http/http-app.ts';
import type { DeliveryReport } from '../ingress/delivery-report.ts';
import { packageVersion } from '../version.ts';
import type { ServerPart } from './compose-server.ts';

/** The context of the operations API, and the function that records events for it. */
export interface ServerOps {
  /** Records the outcome of a delivery. */
  readonly onDelivery: (report: DeliveryReport) => void;
  readonly ops: OpsContext;
}

/**
 * Adds the operations API and the console, on the port of the server or on its own port. Call this function before the
 * worker starts, so that the timeline of an event contains all attempts.
 */
export function serveOps(
  { keys, listen, console = false }: OpsSettings,
  { backend, logger, metrics }: { readonly backend: QueueBackend; readonly logger: Logger; readonly metrics: Metrics },
  add: (part: ServerPart) => void,
): ServerOps {
  const ops = createOps({ process: 'server', backend, logger, metrics });
  async function mount(scope: FastifyInstance): Promise<void> {
    mountOps(scope, ops, { keys, version: packageVersion() });
    if (console) mountConsole(scope);
  }
  let own: FastifyInstance | undefined;

  async function begin(): Promise<void> {
    if (listen === undefined) return;
    own = createHttpApp({ logger, maxConnections: 100 }).app;
    await own.register(mount);
    const address = await own.listen(listen).catch((error: NodeJS.ErrnoException) => {
      throw new ConfigurationError(
        `SLACK_MCP_OPS_PORT: cannot listen on ${listen.host}:${listen.port} (${error.code}): choose another port or host (for example SLACK_MCP_OPS_PORT=0)`,
      );
    });
    logger.info({ address }, 'ops_listening');
  }

  add({
    name: 'ops',
    health: () => ({ status: 'up' }),
    begin,
    ...(listen === undefined ? { routes: async (app) => void (await app.register(mount)) } : {}),
    async close() {
      await ops.close();
      await own?.close();
    },
  });
  return { ops, onDelivery: (report) => recordDelivery(ops, report) };
}

function recordDelivery({ recorder }: Ops, { delivery, key, outcome, receivedAt }: DeliveryReport): void {
  const { messageId, eventId, kind, channel } = delivery;
  const facts = {
    messageId,
    key,
    type: kind,
    ...(eventId === undefined ? {} : { eventId }),
    ...(channel === undefined ? {} : { channel }),
  };
  const at = Date.now();
  const received = { step: 'received', at: receivedAt } as const;
  switch (outcome) {
    case 'published':
      recorder.record(facts, received, { step: 'stored', at });
      return;
    case 'spooled':
    case 'duplicate':
    case 'collapsed':
      recorder.record(facts, received, { step: outcome, at });
      return;
    default:
      recorder.record(facts, received, { step: 'not_stored', at, code: outcome });
  }
}
