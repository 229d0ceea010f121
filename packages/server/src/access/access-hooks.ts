import cors from '@fastify/cors';
import type { Logger } from '@slack-mcp/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../tools/caller.ts';
import type { AccessGuard, Identity } from './access-guard.ts';
import { AccessRefusedError, type Refusal } from './refusal.ts';

/** Options of `addAccessHooks`. */
export interface AccessHooksOptions {
  guard: AccessGuard;
  /** Whether a tool of this name writes. */
  writes(tool: string): boolean;
  logger: Logger;
}

/** Where a request keeps who sends it. Null: that is not known. */
const DECORATOR = 'access';
type Access = { readonly caller: Caller | undefined } | null;

/** What pages of allowed origins may send, and see of an answer. No cookie is looked at, so none is asked for. */
const CORS = {
  methods: ['GET', 'POST', 'DELETE'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'Last-Event-ID',
    'Mcp-Method',
    'Mcp-Name',
    'MCP-Protocol-Version',
    'Mcp-Session-Id',
    'X-Correlation-Id',
  ],
  exposedHeaders: ['Mcp-Session-Id', 'MCP-Protocol-Version', 'WWW-Authenticate', 'Retry-After', 'X-Correlation-Id'],
  maxAge: 600,
};

/**
 * Lets only those reach the routes of a scope who may: by host and origin, then by who they are. Preflights are answered
 * in between, because browsers send no credentials with them. A refusal is an `AccessRefusedError`, to which the error
 * handlers in the scope give its shape. Routes with `config: { isPublic: true }` ask nobody who he is.
 */
export async function addAccessHooks(scope: FastifyInstance, options: AccessHooksOptions): Promise<void> {
  const { guard, writes, logger } = options;
  const refuse = (request: FastifyRequest, refusal: Refusal): AccessRefusedError => {
    logger.info({ path: request.routeOptions.url, reason: refusal.code }, 'mcp_request_refused');
    return new AccessRefusedError(refusal);
  };

  const paths = new Set<string>();
  scope.addHook('onRoute', ({ url }) => void paths.add(url));
  scope.decorateRequest(DECORATOR, null);
  /** Asked for once: it stays as long as the server listens. */
  let bound: string | undefined;

  // With callbacks, as is all that every request passes: a promise for each costs more than its work.
  scope.addHook('onRequest', (request, reply, done) => {
    // The next plugin adds a route for OPTIONS of every path, those of others too.
    if (request.routeOptions.url === '*' && !paths.has(request.url.split('?', 1)[0] as string)) {
      reply.callNotFound();
      return;
    }
    bound ??= addressOf(scope);
    const refusal = guard.refusePlace(request.headers, bound);
    done(refusal && refuse(request, refusal));
  });

  await scope.register(cors, {
    delegator: ({ method, headers }: FastifyRequest, callback) =>
      callback(null, {
        ...CORS,
        origin: headers.origin ?? false,
        preflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
      }),
  });

  scope.addHook('onRequest', (request, _reply, done) => {
    if (isPublic(request)) return done();
    const settle = (identity: Identity): void => {
      const isRefused = 'refusal' in identity;
      if (!isRefused) request.setDecorator<Access>(DECORATOR, identity);
      done(isRefused ? refuse(request, identity.refusal) : undefined);
    };
    const identity = guard.identify(request.raw);
    if (identity === 'signed') done();
    else if (identity instanceof Promise) identity.then(settle, done);
    else settle(identity);
  });

  scope.addHook('preHandler', (request, _reply, done) => {
    if (isPublic(request)) return done();
    const access = request.getDecorator<Access>(DECORATOR);
    const refusal =
      access === null ? guard.unauthorized(request.headers) : guard.refuseMessage(request, access.caller, writes);
    done(refusal && refuse(request, refusal));
  });
}

/** For parsers: learns from the body who sends a request that Slack signed. Others are known by then. */
export function identifyByBody(
  request: FastifyRequest,
  guard: AccessGuard,
  body: Uint8Array,
): AccessRefusedError | undefined {
  if (request.getDecorator<Access>(DECORATOR) !== null) return undefined;
  const identity = guard.identifySigned(request.headers, body);
  if ('refusal' in identity) return new AccessRefusedError(identity.refusal);
  request.setDecorator<Access>(DECORATOR, identity);
  return undefined;
}

/**
 * Who sends a request; undefined where nobody is asked.
 *
 * @throws Error - outside of a scope with access hooks
 */
export function callerOfRequest(request: FastifyRequest): Caller | undefined {
  const access = request.getDecorator<Access>(DECORATOR);
  if (access === null) throw new Error('a request has passed no check of access');
  return access.caller;
}

function isPublic({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { isPublic?: boolean }).isPublic === true;
}

function addressOf({ server }: FastifyInstance): string | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.address : undefined;
}
