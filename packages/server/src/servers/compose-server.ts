import { setTimeout as sleep } from 'node:timers/promises';
import { type ComponentHealth, closeInOrder, type Logger, type Metrics } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';
import type { TrustProxy } from '../http/forwarded.ts';
import { createHttpApp } from '../http/http-app.ts';
import { addStartingGate } from '../http/starting-gate.ts';
import { countRequests } from '../ops/count-requests.ts';
import { healthRoutes } from '../ops/health-routes.ts';
import { metricsRoutes } from '../ops/metrics-routes.ts';
import { assertPortFree } from './assert-port-free.ts';
import type { CloseOptions, RunningServer } from './running-server.ts';

/** One component of a server, such as the ingress or the worker. */
export interface ServerPart {
  /** The name of the component in `GET /health`. */
  readonly name: string;
  health(): ComponentHealth | Promise<ComponentHealth>;
  /** Registers the routes of the component. */
  routes?(app: FastifyInstance): Promise<void>;
  /** Called after the port is bound. The server answers no requests before `begin` of every component has resolved. */
  begin?(): Promise<void>;
  /** Rejects if the component cannot continue. */
  readonly closed?: Promise<void>;
  /** Abandons unfinished requests, because the time limit is reached. */
  giveUp?(): void;
  /**
   * Closes the component after the HTTP server has finished the requests in flight. `drainTimeoutMs` is the remaining
   * time in milliseconds.
   */
  close?(drainTimeoutMs: number): Promise<void>;
}

/** Options of {@link composeServer}. */
export interface ComposeOptions {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The keys that may read `/metrics`. Without keys, `/metrics` is open on a loopback address only. */
  readonly metricsKeys?: readonly string[];
  /** Maximum number of connections. Default: no limit. */
  readonly connections?: number;
  /** The proxies whose `X-Forwarded-…` headers are used. Default: none. */
  readonly trustProxy?: TrustProxy | undefined;
  /**
   * Opens the components in order, and adds each component immediately after opening it. The components are closed in
   * reverse order.
   */
  open(add: (part: ServerPart) => void): Promise<void>;
}

/** Maximum time in milliseconds to inform clients that their requests are abandoned. */
const LAST_WORDS_MS = 500;

/** Maximum time in milliseconds that a closing server waits for the next request on a connection. */
const IDLE_GRACE_MS = 250;

/** Creates an HTTP server on one port from several components. */
export function composeServer(options: ComposeOptions): RunningServer {
  const { host, port, logger, metrics, metricsKeys = [], connections, trustProxy, open } = options;
  const parts: ServerPart[] = [];
  const { app, beginClosing } = createHttpApp({ logger, maxConnections: connections, trustProxy });
  const served = countRequests(app, metrics);
  let hasStarted = false;
  let address: string | undefined;
  let closing: Promise<void> | undefined;
  const closed = Promise.withResolvers<void>();
  closed.promise.catch(() => {});

  async function start(): Promise<void> {
    try {
      await assertPortFree({ host, port });
      await open((part) => {
        parts.push(part);
        part.closed?.catch(closed.reject);
      });
      const components = Object.fromEntries(parts.map((part) => [part.name, () => part.health()]));
      await app.register(healthRoutes, { components, isClosing: () => closing !== undefined });
      await app.register(metricsRoutes, { metrics, access: { host, keys: metricsKeys } });
      await app.register(async (scope) => {
        addStartingGate(scope, () => hasStarted);
        for (const part of parts) await part.routes?.(scope);
      });
      address = await app.listen({ host, port });
      for (const part of parts) await part.begin?.();
      hasStarted = true;
    } catch (error) {
      await close({ drainTimeoutMs: 0 }).catch(() => {});
      throw error;
    }
    logger.info({ address, parts: parts.map((part) => part.name) }, 'server_listening');
  }

  function close({ drainTimeoutMs = 10_000, delayMs = 0 }: CloseOptions = {}): Promise<void> {
    closing ??= shutDown(drainTimeoutMs, delayMs);
    closing.then(closed.resolve, closed.reject);
    return closing;
  }

  async function shutDown(drainTimeoutMs: number, delayMs: number): Promise<void> {
    const http = { name: 'http', close: (ms: number) => closeHttp(ms, delayMs) };
    const rest = parts.toReversed().map((part) => ({ name: part.name, close: async (ms: number) => part.close?.(ms) }));
    await closeInOrder([http, ...rest], { drainTimeoutMs, logger });
    if (address !== undefined) logger.info({ address, ...served() }, 'server_closed');
  }

  async function closeHttp(drainTimeoutMs: number, delayMs: number): Promise<void> {
    beginClosing(Math.min(IDLE_GRACE_MS, drainTimeoutMs));
    if (address !== undefined && delayMs > 0) await sleep(Math.min(delayMs, drainTimeoutMs));
    const giveUp = setTimeout(() => {
      for (const part of parts) part.giveUp?.();
    }, drainTimeoutMs);
    const force = setTimeout(() => app.server.closeAllConnections(), drainTimeoutMs + LAST_WORDS_MS);
    await app.close().finally(() => {
      clearTimeout(giveUp);
      clearTimeout(force);
    });
  }

  return {
    start,
    close,
    closed: closed.promise,
    get address() {
      if (address === undefined) throw new Error('the server has not been started: call start() first');
      return address;
    },
  };
}
