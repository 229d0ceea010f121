import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { narrowingOf } from '../../access/narrowing-headers.ts';
import { authInfoOf, clientOf } from '../protocol/caller-info.ts';
import { listenProblem } from '../protocol/listen-problem.ts';
import { idOf } from '../protocol/message-problem.ts';
import { claimsRevision, isModernRevision } from '../protocol/revision.ts';
import type { HttpTransportOptions } from './http-transport.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';

/** Streamable HTTP for revision 2026-07-28 and later, in which every request is independent. */
export interface ModernHttp {
  /**
   * Whether a request uses, or claims to use, revision 2026-07-28 or later. Pass every request for which `takes`
   * returns true to `answer`, even if the answer is an error.
   */
  takes(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** Closes all open requests and streams. */
  close(): Promise<void>;
}

/** Creates the transport for revision 2026-07-28 and later. The SDK is loaded on the first request. */
export function createModernHttp(options: Omit<HttpTransportOptions, 'sessions'>): ModernHttp {
  const { host, intake, keepAliveMs, quotas, logger } = options;
  let handler: Promise<McpHttpHandler> | undefined;

  async function load(): Promise<McpHttpHandler> {
    const { createMcpHandler } = await import('@modelcontextprotocol/server');
    return createMcpHandler(({ authInfo }) => host.createModernServer(clientOf(authInfo)), {
      legacy: 'reject',
      bus: host.changes,
      keepAliveMs,
      maxSubscriptions: quotas.streams.total,
    });
  }

  return {
    takes: ({ method, headers, body }) =>
      method === 'POST' && (isModernRevision(headers['mcp-protocol-version'] as string) || claimsRevision(body)),
    async answer(request, reply) {
      const problem = listenProblem(request.body);
      if (problem !== undefined) {
        return reply.code(400).send({ ...jsonRpcError(JSON_RPC.invalidParams, problem), id: idOf(request.body) });
      }
      handler ??= load();
      const { fetch } = await handler;
      const gone = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      // The handler ignores the URL. The parsed body replaces the request's body.
      const answer = fetch(
        new Request('http://localhost/', {
          method: 'POST',
          headers: request.headers as Record<string, string>,
          signal: gone.signal,
        }),
        {
          parsedBody: request.body,
          ...authInfoOf(callerOfRequest(request), narrowingOf(request.headers)),
        },
      );
      // The SDK drops unanswered requests without a response.
      const givenUp = Promise.withResolvers<undefined>();
      const end = intake.begin(() => givenUp.resolve(undefined));
      const response = await Promise.race([answer, givenUp.promise]).finally(end);
      if (response === undefined) {
        const refused = jsonRpcError(JSON_RPC.refused, 'The server is shutting down.');
        return reply.code(503).send({ ...refused, id: idOf(request.body) });
      }
      if (response.status >= 500) logger.error({ correlationId: request.id }, 'mcp_request_failed');
      return reply.send(response);
    },
    async close() {
      await (await handler)?.close();
    },
  };
}
