import type { ServerResponse } from 'node:http';
import type { Logger } from '@slack-mcp/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import type { CallerQuotas } from '../../access/caller-quotas.ts';
import { leaseOf } from '../../access/request-lease.ts';
import type { McpServers } from '../protocol/mcp-servers.ts';
import type { Intake } from './intake.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import type { SessionStore } from './session-store.ts';

/** Options that both HTTP transports share. */
export interface HttpTransportOptions {
  host: McpServers;
  sessions: SessionStore;
  quotas: CallerQuotas;
  intake: Intake;
  /** Milliseconds between keep-alives on a silent stream. */
  keepAliveMs: number;
  /** The URL of the endpoint as clients see it. */
  publicUrl: string | undefined;
  logger: Logger;
}

/** The error message for a request that reuses the ID of an open request. Answers to both would be ambiguous. */
export const ID_IN_USE = 'The request id is already used by another request that is still in progress.';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Answers 405 to all methods of a path except the allowed ones. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    exposeHeadRoute: false,
    // Runs before the body is parsed, because the method is wrong whatever the body is.
    onRequest: async (_request, reply) =>
      reply.code(405).header('allow', allowed.join(', ')).send(jsonRpcError(JSON_RPC.refused, 'Method not allowed.')),
    handler: async () => undefined,
  });
}

/** Refuses to open a session, because the session limit is reached. */
export function refuseSession(reply: FastifyReply): FastifyReply {
  const message = 'Too many sessions are in use. Try again later.';
  return reply.code(503).header('retry-after', '30').send(jsonRpcError(JSON_RPC.refused, message));
}

/** Counts a stream against the quota of its caller. Returns false if the quota is used up. */
export function holdStream(request: FastifyRequest, quotas: CallerQuotas): boolean {
  const giveBack = quotas.streams.take(callerOfRequest(request)?.id);
  if (giveBack !== undefined) leaseOf(request).add(giveBack);
  return giveBack !== undefined;
}

/** Refuses to open a stream, because the stream limit is reached. */
export function refuseStream(reply: FastifyReply): FastifyReply {
  const message = 'Too many streams are open, for this caller or in total. Close one, or try again later.';
  return reply.code(429).header('retry-after', '30').send(jsonRpcError(JSON_RPC.refused, message));
}

/** Takes over the response from Fastify and keeps the headers that are already set. */
export function takeOver(reply: FastifyReply): ServerResponse {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
  return reply.raw;
}
