import type { Logger } from '@slack-mcp/core';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { AccessGuard } from '../../access/access-guard.ts';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { admitMessages } from '../../access/admit-messages.ts';
import { CallerQuotas } from '../../access/caller-quotas.ts';
import { readJsonBodies } from '../../access/json-bodies.ts';
import { AccessRefusedError } from '../../access/refusal.ts';
import { leaseOf } from '../../access/request-lease.ts';
import type { McpServers } from '../protocol/mcp-servers.ts';
import { Intake } from './intake.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import { legacySseRoutes } from './legacy-sse.ts';
import { createModernHttp } from './modern-http.ts';
import { SessionStore } from './session-store.ts';
import { statelessHttpRoutes } from './stateless-http.ts';
import { streamableHttpRoutes } from './streamable-http.ts';

/** Options of `mcpRoutes`. */
export interface McpRoutesOptions {
  /** The access guard whose hooks are registered on the enclosing scope. */
  guard: AccessGuard;
  /** Creates the MCP servers that answer clients. */
  host: McpServers;
  /** The path of Streamable HTTP. SSE uses the paths `sse` and `messages` below the mount path. Default: `/mcp`. */
  mountPath?: string;
  /** The transports to serve. Default: `both`. */
  transport?: 'sse' | 'streamable-http' | 'both';
  /** Whether clients of revisions before 2026-07-28 have sessions. SSE needs sessions. Default: `stateful`. */
  sessions?: 'stateful' | 'stateless';
  /** Milliseconds after which a session without requests or open streams ends. Default: 30 minutes. */
  sessionIdleMs?: number;
  /**
   * Maximum number of sessions at once. When a caller opens too many sessions, the server ends that caller's least
   * recently used idle session. Default: 1000.
   */
  maxSessions?: number;
  /** The limits of each caller, in addition to `maxSessions`; default: a new {@link CallerQuotas}. */
  quotas?: CallerQuotas | undefined;
  /** Maximum size of a request body in bytes. Default: 4 MiB. */
  bodyLimit?: number;
  /** Milliseconds between keep-alives on a silent stream. Default: 15000. */
  keepAliveMs?: number;
  /**
   * The URL of the endpoint as clients see it, used to build paths in messages to clients; default: the path on this
   * server.
   */
  publicUrl?: string | undefined;
  /** Called once with a function that returns the number of sessions. */
  onSessionCount?: (count: () => number) => void;
  /**
   * Tracks accepted requests, so that they can be abandoned if shutdown takes too long; by default, shutdown waits for
   * all requests.
   */
  intake?: Intake;
  logger: Logger;
}

/**
 * Fastify plugin with the MCP endpoints. Streamable HTTP is served at the mount path and at `/`, and the older SSE
 * transport below the mount path. The parsers, hooks and error handlers of the plugin apply only inside the plugin. The
 * plugin does not close the `host`.
 */
export const mcpRoutes: FastifyPluginAsync<McpRoutesOptions> = async (app, options) => {
  const { host, guard, mountPath = '/mcp', transport = 'both', logger } = options;
  const { sessionIdleMs = 30 * 60_000, maxSessions = 1_000, bodyLimit, keepAliveMs = 15_000 } = options;
  const quotas = options.quotas ?? new CallerQuotas({ sessions: maxSessions, streams: maxSessions });
  const sessions = new SessionStore({ idleMs: sessionIdleMs, quota: quotas.sessions, logger });
  guard.onGone((callers) => void sessions.endOf(callers));
  options.onSessionCount?.(() => sessions.size);
  const { intake = new Intake() } = options;

  const endStreams = [() => sessions.close()];
  takeUntilClosed(app, intake);
  // Open streams would keep the server from closing, so end them first.
  app.addHook('preClose', async () => {
    await intake.close();
    await Promise.all(endStreams.map((end) => end()));
    await intake.flushed();
  });
  readJsonBodies(app, { guard, quotas, limit: bodyLimit });
  countMessages(app, quotas);
  answerErrorsAsJsonRpc(app, logger);

  const isStateless = options.sessions === 'stateless';
  const base = mountPath.replace(/\/+$/, '');
  const shared = { host, sessions, quotas, intake, keepAliveMs, publicUrl: options.publicUrl, logger };
  if (transport !== 'sse') {
    const modern = createModernHttp(shared);
    endStreams.push(() => modern.close());
    const routes = isStateless ? statelessHttpRoutes : streamableHttpRoutes;
    await routes(app, { ...shared, modern, paths: base === '' ? ['/'] : [base, '/'] });
  }
  if (transport !== 'streamable-http' && !isStateless) {
    await legacySseRoutes(app, { ...shared, ssePath: `${base}/sse`, messagesPath: `${base}/messages` });
  }
};

function takeUntilClosed(app: FastifyInstance, intake: Intake): void {
  const answered = new WeakMap<FastifyRequest, () => void>();
  app.addHook('onRequest', (request, reply, done) => {
    if (intake.isClosed) {
      const refusal = jsonRpcError(JSON_RPC.refused, 'The server is shutting down.');
      return reply.code(503).header('retry-after', '1').header('connection', 'close').send(refusal);
    }
    intake.watch(reply.raw);
    if (request.method !== 'POST') return done();
    const end = intake.begin();
    answered.set(request, end);
    reply.raw.once('close', end);
    done();
  });
  // A `subscriptions/listen` stream ends only with the server.
  app.addHook('preHandler', (request, _reply, done) => {
    if ((request.body as { method?: unknown } | null)?.method === 'subscriptions/listen') answered.get(request)?.();
    done();
  });
}

/** Counts each caller's messages against the quotas and rates of that caller. */
function countMessages(app: FastifyInstance, quotas: CallerQuotas): void {
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.method !== 'POST') return done();
    const caller = callerOfRequest(request)?.id;
    const refusal = admitMessages(request.body, { caller, quotas, lease: leaseOf(request) });
    done(refusal && new AccessRefusedError(refusal));
  });
}

function answerErrorsAsJsonRpc(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof AccessRefusedError) {
      const { status, headers, message, rpcCode = JSON_RPC.refused } = error.refusal;
      return reply.code(status).headers(headers).send(jsonRpcError(rpcCode, message));
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.error({ correlationId: request.id, code: error.code, reason: error.name }, 'mcp_request_failed');
      return reply.code(500).send(jsonRpcError(JSON_RPC.internalError, 'Internal error.'));
    }
    return reply.code(status).send(jsonRpcError(JSON_RPC.refused, REFUSED[status] ?? 'Bad request.'));
  });
}

const REFUSED: Readonly<Record<number, string>> = {
  415: 'Content-Type must be application/json.',
};
