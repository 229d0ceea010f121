import { randomUUID } from 'node:crypto';
import { ConfigurationError, errorBody, type Logger, type QueueBackend } from '@slack-mcp/core';
import { createOps, mountConsole, mountOps } from '@slack-mcp/core/ops';
import Fastify from 'fastify';
import { packageVersion } from './package-version.ts';
import type { WorkerOpsSettings } from './settings.ts';

/** A running operations API. */
export interface OpsServer {
  /** For example `http://127.0.0.1:9091`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Milliseconds for a request to arrive. Slow clients must not hold connections. */
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 100;

/**
 * Serves the operations API of a worker, and the console. Call it before the worker starts, so that the timeline of an event contains all
 * attempts.
 *
 * @throws ConfigurationError - the port is in use, or the address does not belong to this machine
 */
export async function startOpsServer(
  { keys, listen, console = false }: WorkerOpsSettings,
  { backend, logger }: { readonly backend: QueueBackend; readonly logger: Logger },
): Promise<OpsServer> {
  const ops = createOps({ process: 'worker', backend, logger });
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-correlation-id', request.id);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = 'No route matches the path and method. See /ops/openapi.json.';
    return reply.code(404).send(errorBody({ code: 'not_found', message, component: 'http' }, request.id));
  });
  app.setErrorHandler((error: Error, request, reply) => {
    logger.error({ correlationId: request.id, reason: error.message }, 'ops_request_failed');
    const message = 'The request failed. Look for this correlation id in the log to find the reason.';
    return reply.code(500).send(errorBody({ code: 'internal', message, component: 'http' }, request.id));
  });
  await app.register(async (scope) => {
    mountOps(scope, ops, { keys, version: packageVersion() });
    if (console) mountConsole(scope);
  });
  const address = await app.listen(listen).catch(async (error: NodeJS.ErrnoException) => {
    await ops.close();
    throw new ConfigurationError(
      `the operations API cannot listen on ${listen.host}:${listen.port} (${error.code}): choose another address with --ops-port and --ops-host (for example --ops-port 0)`,
    );
  });
  logger.info({ address }, 'ops_listening');
  return {
    address,
    close: async () => {
      await ops.close();
      await app.close();
    },
  };
}
