import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { type AccessPolicy, createAccessGuard } from '../../../src/access/access-guard.ts';
import { addAccessHooks } from '../../../src/access/access-hooks.ts';
import { CallerQuotas } from '../../../src/access/caller-quotas.ts';
import { metadataRoutes } from '../../../src/access/metadata-routes.ts';
import { type McpRoutesOptions, mcpRoutes } from '../../../src/mcp/http/http-routes.ts';
import { Intake } from '../../../src/mcp/http/intake.ts';
import { toolRoutes } from '../../../src/rest/tool-routes.ts';
import type { TestHost } from '../../support/open-host.ts';

/** An HTTP server with the MCP endpoints and one that accepts raw bodies, like the ingress. */
export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
}

/** The tools to serve, and the access to them. */
export type ListenOptions = Omit<McpRoutesOptions, 'guard'> & AccessPolicy;

/** Listens on a free loopback port. */
export async function listen(options: ListenOptions): Promise<TestServer> {
  // Clients hold connections on which they have sent nothing; only a forced close does not wait for these.
  const app = Fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-correlation-id', request.id);
  });
  const guard = createAccessGuard(options);
  const intake = new Intake();
  const host = options.host as Partial<TestHost>;
  await app.register(async (scope) => {
    const writes = (name: string) => host.tools?.find((tool) => tool.name === name)?.annotations.readOnlyHint === false;
    await addAccessHooks(scope, { guard, writes, logger: options.logger });
    await scope.register(metadataRoutes, { guard });
    const quotas = options.quotas ?? new CallerQuotas({ sessions: options.maxSessions, streams: options.maxSessions });
    await scope.register(mcpRoutes, { intake, ...options, quotas, guard });
    if (host.service !== undefined) await scope.register(toolRoutes, { tools: host.service, guard, quotas });
  });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/raw', async (request) => ({
      bytes: (request.body as Buffer).length,
      raw: Buffer.isBuffer(request.body),
    }));
    scope.post('/broken', async () => {
      throw Object.assign(new Error('no teapot'), { statusCode: 418 });
    });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  // Tests close everything they started, answered or not.
  async function close(): Promise<void> {
    intake.giveUp();
    app.server.closeAllConnections();
    await app.close();
  }
  return { app, port, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}
