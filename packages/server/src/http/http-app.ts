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
import { errorBody } from './error-body.ts';
import { limitArrival } from './slow-arrivals.ts';
import { limitUnread, type UnreadLimits } from './unread-answers.ts';

/** Options of {@link createHttpApp}. */
export interface HttpAppOptions {
  readonly logger: Logger;
  /** Milliseconds that a request may take to arrive, headers and body, from its first byte on. Default 10000. */
  readonly requestTimeoutMs?: number;
  /** How much may wait for clients to read on. Default: 64 MiB, and a minute. */
  readonly unread?: UnreadLimits;
  /** Connections at once. Default: no bound of its own. */
  readonly maxConnections?: number | undefined;
}

/** Milliseconds that a connection may bring nothing: longer than the minute for which load balancers keep theirs open. */
const IDLE_MS = 75_000;

/**
 * An HTTP application without routes: a correlation id on every request and response (`x-correlation-id`, taken over
 * when it is sane), one shape for every error, connections kept alive and closed gracefully.
 */
export function createHttpApp({
  logger,
  requestTimeoutMs = 10_000,
  unread,
  maxConnections,
}: HttpAppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: correlationId,
    forceCloseConnections: 'idle',
    // What came before the intake stopped is finished, on connections that are then closed.
    return503OnClosing: false,
    // From the connection on: load balancers open connections ahead, and send the first request when there is one.
    requestTimeout: IDLE_MS,
    http: { requestTimeout: IDLE_MS, headersTimeout: IDLE_MS },
    keepAliveTimeout: IDLE_MS,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });
  let closing = false;
  if (maxConnections !== undefined) limitConnections(app.server, maxConnections);
  const stops = [limitUnread(app.server, unread), limitArrival(app.server, requestTimeoutMs)];
  app.addHook('onClose', async () => {
    for (const stop of stops) stop();
  });

  app.addHook('preClose', async () => {
    closing = true;
  });
  // With callbacks: every request passes these, and a promise for each would cost more than their work.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-correlation-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    // One that was promised to be kept alive would hold the server up.
    if (closing) request.raw.socket.destroySoon();
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] as string;
    const message = `There is nothing at ${request.method} ${path}.`;
    // What a browser asks about other origins is answered where it is known, or nowhere.
    const methods = request.method === 'OPTIONS' ? [] : methodsAt(app, path);
    if (methods.length > 0) {
      const code = 'method_not_allowed';
      reply.code(405).header('allow', methods.join(', '));
      return reply.send(errorBody({ code, message, component: 'http' }, request.id));
    }
    return reply.code(404).send(errorBody({ code: 'not_found', message, component: 'http' }, request.id));
  });
  app.setErrorHandler(answerError);

  function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.error({ correlationId: request.id, code: error.code, reason: error.message }, 'http_request_failed');
      const message = 'The request failed. The log has the reason under this correlation id.';
      return reply.code(500).send(errorBody({ code: 'internal', message, component: 'http' }, request.id));
    }
    const code = CODES[status] ?? 'bad_request';
    return reply.code(status).send(errorBody({ code, message: MESSAGES[code], component: 'http' }, request.id));
  }

  return app;
}

const CODES: Readonly<Record<number, keyof typeof MESSAGES>> = {
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

// Texts of our own: a parser's message can quote the body.
const MESSAGES = {
  bad_request: 'The request is malformed.',
  body_too_large: 'The body is above the limit.',
  unsupported_media_type: 'Send application/json.',
} as const;

/** What can be sent to a path that has a route of its own. */
function methodsAt(app: FastifyInstance, path: string): HTTPMethods[] {
  const url = path.replace(/(?<=.)\/$/, '');
  return /^[\w./-]+$/.test(url) ? METHODS.filter((method) => app.hasRoute({ method, url })) : [];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function correlationId(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}
