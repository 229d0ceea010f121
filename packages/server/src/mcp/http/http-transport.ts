import type { ServerResponse } from 'node:http';
import type { Logger } from '@slack-mcp/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { McpServers } from '../protocol/mcp-servers.ts';
import type { Intake } from './intake.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import type { SessionStore } from './session-store.ts';

/** What both HTTP transports share. */
export interface HttpTransportOptions {
  host: McpServers;
  sessions: SessionStore;
  intake: Intake;
  /** Milliseconds between two signs of life on a silent stream. */
  keepAliveMs: number;
  logger: Logger;
}

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

/** Takes the response over from Fastify, with the headers set so far. */
export function takeOver(reply: FastifyReply): ServerResponse {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
  return reply.raw;
}
