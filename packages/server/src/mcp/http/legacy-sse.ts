import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { needsNoUser } from '../../access/message-check.ts';
import { narrowingOf } from '../../access/narrowing-headers.ts';
import { leaseOf } from '../../access/request-lease.ts';
import { authInfoOf } from '../protocol/caller-info.ts';
import {
  type HttpTransportOptions,
  holdStream,
  ID_IN_USE,
  refuseOtherMethods,
  refuseSession,
  refuseStream,
  takeOver,
} from './http-transport.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import { OpenRequests } from './open-requests.ts';
import type { Session } from './session-store.ts';

interface SseSession extends Session {
  readonly transport: SSEServerTransport;
  readonly requests: OpenRequests;
}

/** Maximum number of bytes to buffer for a slow client. */
const MOST_UNREAD = 16 * 2 ** 20;

/**
 * Serves the SSE transport of revision 2024-11-05. The transport uses one stream for messages to the client, and a path
 * to which the client posts its messages.
 */
export async function legacySseRoutes(
  app: FastifyInstance,
  options: HttpTransportOptions & { ssePath: string; messagesPath: string },
): Promise<void> {
  const { host, sessions, quotas, intake, keepAliveMs, publicUrl, ssePath, messagesPath } = options;

  const toldPath = publicUrl === undefined ? `${app.prefix}${messagesPath}` : publicPath(publicUrl, 'messages');
  // Clients that bypass the proxy get the same path.
  const postPaths = [messagesPath, ...(app.hasRoute({ method: 'POST', url: toldPath }) ? [] : [toldPath])];

  app.get(ssePath, { exposeHeadRoute: false }, async (request, reply) => {
    const caller = callerOfRequest(request)?.id;
    if (!sessions.makeRoom(caller)) return refuseSession(reply);
    if (!holdStream(request, quotas)) return refuseStream(reply);
    const response = takeOver(reply);
    response.setHeader('x-accel-buffering', 'no');

    const server = await host.createServer();
    const transport = new SSEServerTransport(toldPath, response);
    const requests = new OpenRequests(transport as unknown as Transport, intake, { answersCancelled: false });
    const session: SseSession = {
      id: transport.sessionId,
      kind: 'sse',
      caller,
      transport,
      requests,
      async close() {
        await requests.refuse();
        await server.close();
      },
    };
    sessions.add(session);
    sessions.hold(session.id, response);
    const keepAlive = setInterval(() => response.write(': keepalive\n\n'), keepAliveMs).unref();
    response.once('close', () => clearInterval(keepAlive));
    transport.onclose = () => {
      requests.end();
      sessions.remove(session.id);
    };
    const send = transport.send.bind(transport);
    transport.send = async (message) => {
      await send(message);
      // Disconnect a client that does not read before its answers fill the memory.
      if (response.writableLength > MOST_UNREAD) response.destroy();
    };
    await server.connect(transport as unknown as Transport);
  });

  async function post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = (request.query as Record<string, unknown>)['sessionId'];
    const caller = callerOfRequest(request);
    const session = typeof id === 'string' ? sessions.get(id, caller?.id, needsNoUser(request.body)) : undefined;
    if (session === undefined || !isSse(session)) {
      const message = `Session not found. Start one with GET ${ssePath}; it ends with that stream.`;
      return reply.code(404).send(jsonRpcError(JSON_RPC.sessionNotFound, message));
    }
    if (session.requests.clashes(request.body)) {
      return reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, ID_IN_USE));
    }
    reply.raw.once('close', session.requests.hold(request.body, leaseOf(request)));
    try {
      await session.transport.handleMessage(request.body, {
        requestInfo: { headers: request.headers },
        ...authInfoOf(caller, narrowingOf(request.headers)),
      });
    } catch {
      return reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, 'The body is not a JSON-RPC message.'));
    }
    return reply.code(202).send('Accepted');
  }

  for (const path of new Set(postPaths)) {
    app.post(path, post);
    refuseOtherMethods(app, path, ['POST']);
  }
  refuseOtherMethods(app, ssePath, ['GET']);
}

/**
 * Returns the path to which clients post, as clients see it. The path may differ from the path on this server, because
 * a proxy may strip the beginning of the path.
 */
function publicPath(publicUrl: string, last: string): string {
  return `${new URL(publicUrl).pathname.replace(/\/+$/, '')}/${last}`;
}

function isSse(session: Session): session is SseSession {
  return session.kind === 'sse';
}
