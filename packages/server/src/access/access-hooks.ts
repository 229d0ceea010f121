import cors from '@fastify/cors';
import type { Logger } from '@slack-mcp/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RepeatedLines } from '../logging/repeated-lines.ts';
import type { Caller } from '../tools/caller.ts';
import type { AccessGuard, Identity } from './access-guard.ts';
import { AccessRefusedError, type Refusal } from './refusal.ts';
import { LEASE, openLease } from './request-lease.ts';
import type { SlackSignature } from './slack-signatures.ts';

/** Options of `addAccessHooks`. */
export interface AccessHooksOptions {
  guard: AccessGuard;
  /** Whether a tool of this name writes. */
  writes(tool: string): boolean;
  logger: Logger;
}

/** The request decorator that stores the caller. `null` until the caller is identified. */
const DECORATOR = 'access';
type Access = { readonly caller: Caller | undefined; readonly signature?: SlackSignature } | null;

/**
 * The headers that pages of allowed origins may send and read. The server uses no cookies, so `credentials` is not set.
 */
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
    'X-MCP-Exclude-Tools',
    'X-MCP-Readonly',
    'X-MCP-Toolsets',
    'X-MCP-Tools',
  ],
  exposedHeaders: ['Mcp-Session-Id', 'MCP-Protocol-Version', 'WWW-Authenticate', 'Retry-After', 'X-Correlation-Id'],
  maxAge: 600,
};

/**
 * Admits requests to the routes of a scope: checks the host and origin, then the caller. CORS preflight requests are
 * answered after the host and origin check, because browsers send no credentials with preflight requests. A refusal is
 * an `AccessRefusedError`, which the scope's error handlers format. Routes with `config: { isPublic: true }` need no
 * authentication.
 */
export async function addAccessHooks(scope: FastifyInstance, options: AccessHooksOptions): Promise<void> {
  const { guard, writes, logger } = options;
  const refused = new RepeatedLines(logger);
  const refuse = (request: FastifyRequest, refusal: Refusal): AccessRefusedError => {
    const { code, log = {} } = refusal;
    refused.log(
      'info',
      'mcp_request_refused',
      { path: request.routeOptions.url ?? null, reason: code },
      {
        client: request.ip,
        ...log,
      },
    );
    return new AccessRefusedError(refusal);
  };

  const paths = new Set<string>();
  scope.addHook('onRoute', ({ url }) => void paths.add(url));
  scope.decorateRequest(DECORATOR, null);
  scope.decorateRequest(LEASE, null);
  /** The listening address is looked up only once, because it does not change while the server listens. */
  let bound: string | undefined;

  // Callbacks, because every request passes through these hooks and a promise each would cost more than the work
  // itself.
  scope.addHook('onRequest', (request, reply, done) => {
    // The next plugin adds an OPTIONS route for every path, including paths that this scope does not serve.
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

  scope.addHook('onRequest', (request, reply, done) => {
    openLease(request, reply);
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

  scope.addHook('preHandler', (request, reply, done) => {
    if (isPublic(request)) return done();
    const access = ofSlackUser(request, guard);
    const refusal =
      access === null
        ? guard.unauthorized(request.headers)
        : 'refusal' in access
          ? access.refusal
          : guard.refuseMessage(request, access.caller, writes);
    if (refusal !== undefined) return done(refuse(request, refusal));
    guard.credentials.watch(callerOfRequest(request), reply.raw, isStream(request) ? 'stream' : 'request');
    done();
  });
}

/**
 * If Slack signed the request, the user named in the request becomes the caller. Returns the caller, or why the request
 * is refused.
 */
function ofSlackUser(request: FastifyRequest, guard: AccessGuard): Access | { readonly refusal: Refusal } {
  const access = request.getDecorator<Access>(DECORATOR);
  if (access?.caller === undefined || access.signature === undefined) return access;
  const named = guard.slackCaller(request, access.caller, access.signature);
  if ('caller' in named) request.setDecorator<Access>(DECORATOR, named);
  return named;
}

/** Whether a request stays open until its client leaves or its credential ends. */
function isStream({ method, body }: FastifyRequest): boolean {
  return method === 'GET' || (body as { method?: unknown } | null | undefined)?.method === 'subscriptions/listen';
}

/** Whether the caller is identified before the body is read. */
export function isIdentified(request: FastifyRequest): boolean {
  return request.getDecorator<Access>(DECORATOR) !== null;
}

/**
 * Identifies the caller of a request that Slack signed, after the body has been read. Callers of other requests are
 * identified by their headers.
 */
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
 * The caller of a request. Undefined without authentication.
 *
 * @throws Error - the request is not in a scope with access hooks
 */
export function callerOfRequest(request: FastifyRequest): Caller | undefined {
  const access = request.getDecorator<Access>(DECORATOR);
  if (access === null)
    throw new Error(
      'the access hooks did not run for this request: call addAccessHooks on the scope that registers the route',
    );
  return access.caller;
}

function isPublic({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { isPublic?: boolean }).isPublic === true;
}

function addressOf({ server }: FastifyInstance): string | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.address : undefined;
}
