import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyInstance } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { needsNoUser } from '../../access/message-check.ts';
import { narrowingOf } from '../../access/narrowing-headers.ts';
import { leaseOf } from '../../access/request-lease.ts';
import { flatString } from '../flat-string.ts';
import { authInfoOf } from '../protocol/caller-info.ts';
import { acceptedTypes } from './accepted-types.ts';
import { handOver } from './hand-over.ts';
import {
  type HttpTransportOptions,
  holdStream,
  ID_IN_USE,
  refuseOtherMethods,
  refuseSession,
  refuseStream,
} from './http-transport.ts';
import { JSON_RPC, jsonRpcError } from './json-rpc-error.ts';
import type { ModernHttp } from './modern-http.ts';
import { OpenRequests } from './open-requests.ts';
import { QuickAnswers } from './quick-answers.ts';
import { mayBeCall, QuickCalls } from './quick-calls.ts';
import { SessionEvents } from './session-events.ts';
import type { Session } from './session-store.ts';
import { SlowReader } from './slow-reader.ts';

interface StreamableSession extends Session {
  readonly server: Server;
  readonly transport: StreamableHTTPServerTransport;
  readonly events: SessionEvents;
  readonly reader: SlowReader;
  readonly requests: OpenRequests;
  /** Returns the object that answers the session's tool calls. */
  calls(): QuickCalls;
}

/**
 * Adds Streamable HTTP at each of the paths, with sessions for older clients and without sessions for clients of
 * revision 2026-07-28.
 */
export async function streamableHttpRoutes(
  app: FastifyInstance,
  options: HttpTransportOptions & { modern: ModernHttp; paths: readonly string[] },
): Promise<void> {
  const { host, sessions, quotas, intake, modern, keepAliveMs, logger } = options;
  const quick = new QuickAnswers();

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
          const session = sessions.get(id, caller, needsNoUser(request.body));
          if (session === undefined || !isStreamable(session)) {
            return reply
              .code(404)
              .send(jsonRpcError(JSON_RPC.sessionNotFound, 'Session not found. Send initialize to start a new one.'));
          }
          const lastEventId = request.headers['last-event-id'];
          if (typeof lastEventId === 'string' && session.events.find(lastEventId) === undefined) {
            return reply.code(400).send(jsonRpcError(JSON_RPC.refused, NO_SUCH_EVENT));
          }
          if (session.requests.clashes(request.body)) {
            return reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, ID_IN_USE));
          }
          if (request.method === 'GET' && !holdStream(request, quotas)) return refuseStream(reply);
          reply.raw.once('close', session.requests.hold(request.body, leaseOf(request)));
          if (!acceptedTypes(request.headers.accept).stream) session.requests.expectJson(request.body);
          sessions.hold(id, reply.raw);
          const { authInfo } = authInfoOf(callerOfRequest(request), narrowingOf(request.headers));
          reply.header('mcp-session-id', id);
          const answer = await quick.to(request, session.server, authInfo);
          if (answer !== undefined) {
            return reply.type('application/json').send(answer);
          }
          if (mayBeCall(request) && (await session.calls().answer(request, reply, authInfo))) return reply;
          if (request.method === 'GET' && typeof lastEventId === 'string' && session.calls().resume(lastEventId, reply))
            return reply;
          if (request.method === 'GET') session.reader.watch(reply.raw);
          return handOver(session.transport, request, reply, logger);
        }
        if (request.method !== 'POST' || !opensSession(request.body)) {
          const message = 'The Mcp-Session-Id header is required. To start a session, send initialize with POST.';
          return reply.code(400).send(jsonRpcError(JSON_RPC.refused, message));
        }
        if (!sessions.makeRoom(caller)) return refuseSession(reply);
        const transport = await open(caller);
        await handOver(transport, request, reply, logger);
        if (transport.sessionId === undefined) await transport.close();
      },
    });
    refuseOtherMethods(app, url, ['GET', 'POST', 'DELETE']);
  }

  async function open(caller: string | undefined): Promise<StreamableHTTPServerTransport> {
    const server = await host.createServer();
    const events = new SessionEvents(quotas.kept, { caller });
    const reader = new SlowReader();
    let calls: QuickCalls | undefined;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => flatString(randomUUID()),
      keepAliveMs,
      eventStore: events,
      onsessioninitialized: (id) => {
        const session: StreamableSession = {
          id,
          kind: 'streamable-http',
          caller,
          server,
          transport,
          events,
          reader,
          requests,
          calls: () => {
            // Many sessions never call a tool.
            calls ??= new QuickCalls({ server, events, requests, keepAliveMs });
            return calls;
          },
          expire: () => events.expire(),
          async close() {
            await requests.refuse();
            await server.close();
          },
        };
        sessions.add(session);
      },
    });
    transport.onclose = () => {
      requests.end();
      events.clear();
      if (transport.sessionId !== undefined) sessions.remove(transport.sessionId);
    };
    const requests = new OpenRequests(transport as unknown as Transport, intake, { answersCancelled: true });
    const send = transport.send.bind(transport);
    transport.send = (message, given) => {
      if (given?.relatedRequestId === undefined && 'method' in message) reader.add();
      return send(message, given);
    };
    // The SDK class declares optional members with `undefined`, the interface without.
    await server.connect(transport as unknown as Transport);
    return transport;
  }
}

const NO_SUCH_EVENT =
  'Last-Event-ID does not match a stored event of this session. Open a stream without it, and repeat the requests whose answers are missing.';

function isStreamable(session: Session): session is StreamableSession {
  return session.kind === 'streamable-http';
}

function opensSession(body: unknown): boolean {
  return Array.isArray(body) ? body.some(isInitializeRequest) : isInitializeRequest(body);
}
