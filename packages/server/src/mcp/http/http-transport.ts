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

/** What both HTTP transports share. */
export interface HttpTransportOptions {
  host: McpServers;
  sessions: SessionStore;
  quotas: CallerQuotas;
  intake: Intake;
  /** Milliseconds between two signs of life on a silent stream. */
  keepAliveMs: number;
  /** The URL of the endpoint as clients know it. */
  publicUrl: string | undefined;
  logger: Logger;
}

/** Said where answers could not be told apart. */
export const ID_IN_USE = 'The id of a request is that of another one which is still being answered.';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Answers 405 to every method of a path but the allowed ones. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    exposeHeadRoute: false,
    // Before a body is parsed: whatever it is, the method is what is wrong.
    onRequest: async (_request, reply) =>
      reply.code(405).header('allow', allowed.join(', ')).send(jsonRpcError(JSON_RPC.refused, 'Method not allowed.')),
    handler: async () => undefined,
  });
}

/** Answers that no further session fits. */
export function refuseSession(reply: FastifyReply): FastifyReply {
  const message = 'Too many sessions are in use. Try again later.';
  return reply.code(503).header('retry-after', '30').send(jsonRpcError(JSON_RPC.refused, message));
}

/** Counts a stream among those that a caller may have open. False: it may not. */
export function holdStream(request: FastifyRequest, quotas: CallerQuotas): boolean {
  const giveBack = quotas.streams.take(callerOfRequest(request)?.id);
  if (giveBack !== undefined) leaseOf(request).add(giveBack);
  return giveBack !== undefined;
}

/** Answers that no further stream fits. */
export function refuseStream(reply: FastifyReply): FastifyReply {
  const message = 'As many streams are open as may, of this caller or in all. Close one, or try again later.';
  return reply.code(429).header('retry-after', '30').send(jsonRpcError(JSON_RPC.refused, message));
}

/** Takes the response over from Fastify, with the headers set so far. */
export function takeOver(reply: FastifyReply): ServerResponse {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
  return reply.raw;
}
