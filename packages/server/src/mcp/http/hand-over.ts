import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Logger } from '@slack-mcp/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { narrowingOf } from '../../access/narrowing-headers.ts';
import { authInfoOf } from '../protocol/caller-info.ts';
import { acceptBoth, acceptedTypes } from './accepted-types.ts';
import { answerAsJson } from './answer-as-json.ts';
import { takeOver } from './http-transport.ts';

/** Passes a request and its caller to a transport of the SDK, which answers the request. Never rejects. */
export async function handOver(
  transport: StreamableHTTPServerTransport,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): Promise<void> {
  const response = takeOver(reply);
  const { json, stream } = acceptedTypes(request.headers.accept);
  // A stream that the server opens itself has no JSON form.
  if (stream || (json && request.method === 'POST')) acceptBoth(request.raw);
  if (!stream && json && request.method === 'POST') answerAsJson(response);
  try {
    const { authInfo: auth } = authInfoOf(callerOfRequest(request), narrowingOf(request.headers));
    await transport.handleRequest(Object.assign(request.raw, auth && { auth }), response, request.body);
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    logger.error({ correlationId: request.id, reason }, 'mcp_request_failed');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}
