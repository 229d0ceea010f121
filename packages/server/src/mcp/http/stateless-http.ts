import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { FastifyInstance } from 'fastify';
import { callerOfRequest } from '../../access/access-hooks.ts';
import { handOver } from './hand-over.ts';
import { type HttpTransportOptions, refuseOtherMethods } from './http-transport.ts';
import type { ModernHttp } from './modern-http.ts';
import { OpenRequests } from './open-requests.ts';

/**
 * Adds Streamable HTTP without sessions at each of the paths. Every request is independent, so any process behind a
 * load balancer can answer it. The server sends no messages outside a request. A client that disconnects cancels its
 * requests.
 */
export async function statelessHttpRoutes(
  app: FastifyInstance,
  options: Omit<HttpTransportOptions, 'sessions'> & { modern: ModernHttp; paths: readonly string[] },
): Promise<void> {
  const { host, intake, modern, keepAliveMs, logger } = options;

  for (const url of options.paths) {
    app.post(url, async (request, reply) => {
      if (modern.takes(request)) return modern.answer(request, reply);
      const revision = request.headers['mcp-protocol-version'];
      const single = {
        caller: callerOfRequest(request)?.id,
        revision: typeof revision === 'string' ? revision : undefined,
      };
      const server = await host.createServer({ single });
      const transport = new StreamableHTTPServerTransport({ keepAliveMs });
      const requests = new OpenRequests(transport as unknown as Transport, intake, { answersCancelled: true });
      const end = intake.begin(() => void requests.refuse());
      // The SDK class declares optional members with `undefined`, the interface without.
      await server.connect(transport as unknown as Transport);
      reply.raw.once('close', () => {
        end();
        requests.end();
        void server.close();
      });
      await handOver(transport, request, reply, logger);
    });
    refuseOtherMethods(app, url, ['POST']);
  }
}
