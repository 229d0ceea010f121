import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type ComponentCheck,
  ConfigurationError,
  createHealthReporter,
  errorBody,
  type Logger,
  type Metrics,
} from '@slack-mcp/core';
import { createMetricsCheck } from '@slack-mcp/core/ops';
import type { HealthSettings } from './settings.ts';

/** Options of {@link startHealthServer}. */
export interface HealthServerOptions extends HealthSettings {
  readonly components: Readonly<Record<string, ComponentCheck>>;
  /** Whether the worker is closing. A closing worker is alive, but no longer ready. */
  readonly isClosing: () => boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A running health server. */
export interface HealthServer {
  /** For example `http://127.0.0.1:9090`. */
  readonly address: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

const NOT_FOUND = { code: 'not_found', message: 'Use /healthz, /readyz, /health or /metrics.', component: 'http' };
const WRONG_METHOD = { code: 'method_not_allowed', message: 'Use GET.', component: 'http' };

/** Maximum milliseconds for a request to arrive, so that slow clients do not hold connections. */
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 100;

/**
 * Serves the health and the metrics of a worker.
 *
 * @throws ConfigurationError - the port is in use, or the address does not belong to this machine
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port, metricsKeys, components, isClosing, metrics, logger } = options;
  const report = createHealthReporter(components);
  const refusalOf = createMetricsCheck({ host, keys: metricsKeys });

  async function answer(path: string, id: string, authorization: string | undefined): Promise<Answer> {
    switch (path) {
      case '/healthz':
        return { status: 200, body: { status: 'up' } };
      case '/readyz': {
        const ready = (await report()).status !== 'down' && !isClosing();
        return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready' } };
      }
      case '/health': {
        const health = await report();
        return { status: health.status === 'down' ? 503 : 200, body: health };
      }
      case '/metrics': {
        const refusal = refusalOf(authorization);
        if (refusal === undefined) return { status: 200, body: await metrics.text() };
        return { status: refusal.status, body: errorBody({ ...refusal, component: 'http' }, id) };
      }
      default:
        return { status: 404, body: errorBody(NOT_FOUND, id) };
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = randomUUID();
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const { status, body } = isRead
      ? await answer(path, id, request.headers.authorization)
      : { status: 405, body: errorBody(WRONG_METHOD, id) };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? metrics.contentType : 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'x-correlation-id': id,
      ...(isRead ? {} : { allow: 'GET, HEAD' }),
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  }

  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => {
    respond(request, response).catch((error: unknown) => {
      logger.error({ err: error }, 'health_request_failed');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(error, host, port)));
    server.listen(port, host, resolve);
  });
  void report();
  const bound = server.address();
  const shown = host.includes(':') ? `[${host}]` : host;
  const address = `http://${shown}:${typeof bound === 'object' && bound ? bound.port : port}`;
  logger.info({ address }, 'health_listening');
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function unusable({ code, message }: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (code) {
    case 'EADDRINUSE':
      return new Error(
        `port ${port} on ${host} is already in use: choose another port with --health-port (0: any free port)`,
      );
    case 'EACCES':
      return new Error(
        `port ${port} on ${host} needs privileges that this user does not have: choose a port above 1023 with --health-port`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigurationError(
        `${host} is not an address of this machine: choose another address with --health-host (for example --health-host 127.0.0.1)`,
      );
    default:
      return new Error(
        `the health endpoints cannot listen on ${host}: ${message}; choose another address with --health-host`,
      );
  }
}
