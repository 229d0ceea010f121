import { randomUUID } from 'node:crypto';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../access/access-hooks.ts';
import { authInfoOf } from '../access/caller.ts';
import { type HttpTransportOptions, refuseOtherMethods, refuseSession, takeOver } from './http-transport.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import type { ModernHttp } from './modern-http.ts';
import type { Session } from './session-store.ts';

interface StreamableSession extends Session {
  readonly transport: StreamableHTTPServerTransport;
}

/** Streamable HTTP at each of the paths: with sessions, or without for clients of revision 2026-07-28. */
export async function streamableHttpRoutes(
  app: FastifyInstance,
  options: HttpTransportOptions & { modern: ModernHttp; paths: readonly string[] },
): Promise<void> {
  const { host, sessions, modern, keepAliveMs, logger } = options;

  for (const url of options.paths) {
    app.route({
      method: ['GET', 'POST', 'DELETE'],
      url,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        if (modern.takes(request)) return modern.answer(request, reply);
        const caller = callerOfRequest(request)?.id;
        const id = request.headers['mcp-session-id'];
        if (typeof id === 'string') {
          const session = sessions.get(id, caller);
          if (session === undefined || !isStreamable(session)) {
            return reply.code(404).send(jsonRpcError(JSON_RPC.sessionNotFound, 'Session not found: initialize again.'));
          }
          sessions.hold(id, reply.raw);
          return answer(session.transport, request, reply);
        }
        if (request.method !== 'POST' || !opensSession(request.body)) {
          const message = 'Mcp-Session-Id header is required; a session begins with POST of initialize.';
          return reply.code(400).send(jsonRpcError(JSON_RPC.refused, message));
        }
        if (!sessions.makeRoom()) return refuseSession(reply);
        const transport = await open(caller);
        await answer(transport, request, reply);
        if (transport.sessionId === undefined) await transport.close();
      },
    });
    refuseOtherMethods(app, url, ['GET', 'POST', 'DELETE']);
  }

  async function open(caller: string | undefined): Promise<StreamableHTTPServerTransport> {
    const server = await host.createServer();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      keepAliveMs,
      onsessioninitialized: (id) => {
        const session: StreamableSession = {
          id,
          kind: 'streamable-http',
          caller,
          transport,
          close: () => server.close(),
        };
        sessions.add(session);
      },
    });
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.remove(transport.sessionId);
    };
    // Its optional members are declared with `undefined`, the interface's without.
    await server.connect(transport as unknown as Transport);
    return transport;
  }

  async function answer(
    transport: StreamableHTTPServerTransport,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const response = takeOver(reply);
    try {
      const { authInfo: auth } = authInfoOf(callerOfRequest(request));
      await transport.handleRequest(Object.assign(request.raw, auth && { auth }), response, request.body);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      logger.error({ correlationId: request.id, reason }, 'mcp_request_failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }
}

function isStreamable(session: Session): session is StreamableSession {
  return session.kind === 'streamable-http';
}

function opensSession(body: unknown): boolean {
  return Array.isArray(body) ? body.some(isInitializeRequest) : isInitializeRequest(body);
}
