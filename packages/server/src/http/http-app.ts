import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@slack-mcp/core';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HTTPMethods,
} from 'fastify';
import { answerClientError } from './client-error.ts';
import { limitConnections } from './connections.ts';
import { keepTrustedHeaders, type TrustProxy, trustedProxies } from './forwarded.ts';
import { closeGracefully } from './graceful-close.ts';
import { httpErrorBody } from './http-errors.ts';
import { limitArrival } from './slow-arrivals.ts';
import { limitUnread, type UnreadLimits } from './unread-answers.ts';

/** Options of {@link createHttpApp}. */
export interface HttpAppOptions {
  readonly logger: Logger;
  /**
   * Maximum time in milliseconds from the first byte of a request until its headers and body have arrived. Default
   * 10000.
   */
  readonly requestTimeoutMs?: number;
  /** Limits on data that clients have not read yet; default: 64 MiB and one minute. */
  readonly unread?: UnreadLimits;
  /** Maximum number of connections. Default: no limit. */
  readonly maxConnections?: number | undefined;
  /** The proxies whose `X-Forwarded-…` headers are used. Default: none. */
  readonly trustProxy?: TrustProxy | undefined;
}

/**
 * Milliseconds that a connection may be idle. The value is longer than the minute for which load balancers usually keep
 * idle connections open.
 */
const IDLE_MS = 75_000;

/** An HTTP application and how it closes. */
export interface HttpApp {
  readonly app: FastifyInstance;
  /**
   * Begins to close connections while the port stays open: a connection closes after the answer to its latest request.
   * `graceMs` is the time in milliseconds that a connection may wait for its next request once the port is closed.
   */
  beginClosing(graceMs?: number): void;
}

/**
 * Creates an HTTP application without routes. Each request and response has a correlation id (`x-correlation-id`; a
 * valid id from the client is kept), all errors have the same format, and connections are kept alive and closed
 * gracefully.
 */
export function createHttpApp({
  logger,
  requestTimeoutMs = 10_000,
  unread,
  maxConnections,
  trustProxy = false,
}: HttpAppOptions): HttpApp {
  const app = Fastify({
    logger: false,
    genReqId: correlationId,
    trustProxy: trustedProxies(trustProxy),
    // Requests that arrived before the intake stopped are finished; their connections are then closed.
    return503OnClosing: false,
    // Counted from the connection: load balancers open connections in advance and send the first request later.
    requestTimeout: IDLE_MS,
    http: { requestTimeout: IDLE_MS, headersTimeout: IDLE_MS },
    keepAliveTimeout: IDLE_MS,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });
  const closing = closeGracefully(app.server);
  if (maxConnections !== undefined) limitConnections(app.server, maxConnections);
  const stops = [limitUnread(app.server, unread), limitArrival(app.server, requestTimeoutMs)];
  app.addHook('onClose', async () => {
    for (const stop of stops) stop();
  });

  app.addHook('preClose', async () => {
    closing.begin();
  });
  // Hooks with callbacks: every request passes through them, and a promise for each would cost more than their work.
  app.addHook('onRequest', (request, reply, done) => {
    if (closing.isTooLate(request.raw)) return void reply.hijack();
    reply.header('x-correlation-id', request.id);
    done();
  });
  keepTrustedHeaders(app);
  app.addHook('onSend', (request, reply, payload, done) => {
    if (closing.endsWith(request.raw)) reply.header('connection', 'close');
    done(null, payload);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] as string;
    const message = `No route matches ${request.method} ${path}.`;
    // Preflight requests are answered by the routes that know the origin, or not at all.
    const methods = request.method === 'OPTIONS' ? [] : methodsAt(app, path);
    if (methods.length > 0) {
      const code = 'method_not_allowed';
      reply.code(405).header('allow', methods.join(', '));
      return reply.send(httpErrorBody({ code, message, component: 'http' }, request.id));
    }
    return reply.code(404).send(httpErrorBody({ code: 'not_found', message, component: 'http' }, request.id));
  });
  app.setErrorHandler(answerError);

  function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.error({ correlationId: request.id, code: error.code, reason: error.message }, 'http_request_failed');
      const message = 'The request failed. Look for this correlation id in the log to find the reason.';
      return reply.code(500).send(httpErrorBody({ code: 'internal', message, component: 'http' }, request.id));
    }
    const code = CODES[status] ?? 'bad_request';
    return reply.code(status).send(httpErrorBody({ code, message: MESSAGES[code], component: 'http' }, request.id));
  }

  return { app, beginClosing: closing.begin };
}

const CODES: Readonly<Record<number, keyof typeof MESSAGES>> = {
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

// Our own texts: a parser's message can quote the body.
const MESSAGES = {
  bad_request: 'The request is malformed.',
  body_too_large: 'The body exceeds the limit.',
  unsupported_media_type: 'Send application/json.',
} as const;

/** Returns the methods of the routes that match this exact path. */
function methodsAt(app: FastifyInstance, path: string): HTTPMethods[] {
  const url = path.replace(/(?<=.)\/$/, '');
  return /^[\w./-]+$/.test(url) ? METHODS.filter((method) => app.hasRoute({ method, url })) : [];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function correlationId(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}
