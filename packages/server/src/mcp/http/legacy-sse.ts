import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { FastifyInstance } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { authInfoOf } from '../protocol/caller-info.ts';
import { type HttpTransportOptions, refuseOtherMethods, refuseSession, takeOver } from './http-transport.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import { OpenRequests } from './open-requests.ts';
import type { Session } from './session-store.ts';

interface SseSession extends Session {
  readonly transport: SSEServerTransport;
}

/** Bytes that may wait for a client to read on. */
const MOST_UNREAD = 16 * 2 ** 20;

/** The transport of revision 2024-11-05: one stream for what the server says, a path to post to for the client. */
export async function legacySseRoutes(
  app: FastifyInstance,
  options: HttpTransportOptions & { ssePath: string; messagesPath: string },
): Promise<void> {
  const { host, sessions, intake, keepAliveMs, ssePath, messagesPath } = options;

  app.get(ssePath, { exposeHeadRoute: false }, async (request, reply) => {
    if (!sessions.makeRoom()) return refuseSession(reply);
    const response = takeOver(reply);
    response.setHeader('x-accel-buffering', 'no');

    const server = await host.createServer();
    const transport = new SSEServerTransport(`${app.prefix}${messagesPath}`, response);
    const requests = new OpenRequests(transport as unknown as Transport, intake, { answersCancelled: false });
    const session: SseSession = {
      id: transport.sessionId,
      kind: 'sse',
      caller: callerOfRequest(request)?.id,
      transport,
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
      // A client that does not read is let go before its answers fill the memory.
      if (response.writableLength > MOST_UNREAD) response.destroy();
    };
    await server.connect(transport as unknown as Transport);
  });

  app.post(messagesPath, async (request, reply) => {
    const id = (request.query as Record<string, unknown>)['sessionId'];
    const caller = callerOfRequest(request);
    const session = typeof id === 'string' ? sessions.get(id, caller?.id) : undefined;
    if (session === undefined || !isSse(session)) {
      const message = `Session not found: it begins with GET ${ssePath} and ends with that stream.`;
      return reply.code(404).send(jsonRpcError(JSON_RPC.sessionNotFound, message));
    }
    try {
      await session.transport.handleMessage(request.body, {
        requestInfo: { headers: request.headers },
        ...authInfoOf(caller),
      });
    } catch {
      return reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, 'The body is not a message of JSON-RPC.'));
    }
    return reply.code(202).send('Accepted');
  });

  refuseOtherMethods(app, ssePath, ['GET']);
  refuseOtherMethods(app, messagesPath, ['POST']);
}

function isSse(session: Session): session is SseSession {
  return session.kind === 'sse';
}
