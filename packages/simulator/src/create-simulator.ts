import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { registerControl } from './control/register-control.ts';
import { isJsonObject } from './json.ts';
import { RunningSimulator } from './running-simulator.ts';
import type { Simulator } from './simulator.ts';
import { resolveSimulatorOptions, type SimulatorOptions } from './simulator-options.ts';
import { SlackApiError } from './slack-api-error.ts';

const BODY_LIMIT = 4 * 1024 * 1024;

/**
 * Starts a Slack workspace with its Web API under `/api/` and its control API under `/control`. The simulator sends
 * events to `eventsUrl`.
 *
 * @throws TypeError when an option is invalid
 * @throws Error with code `EADDRINUSE` when the port is in use, or an Error when `verify` is set and the handshake
 * fails
 */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const resolved = resolveSimulatorOptions(options);
  const simulator = new RunningSimulator(resolved);
  const server = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  server.route<{ Params: { method: string }; Querystring: Record<string, unknown>; Body: string | undefined }>({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: async (request, reply) => {
      const { status, headers, body } = simulator.webApi.answer(request.params.method, request.headers.authorization, {
        contentType: request.headers['content-type'],
        body: request.body,
        query: request.query,
      });
      return reply.code(status).headers(headers).send(body);
    },
  });

  server.post<{ Params: { id: string }; Body: string | undefined }>('/response/:id', async (request, reply) => {
    try {
      const body: unknown = JSON.parse(request.body ?? '');
      simulator.interactions.respond(request.params.id, isJsonObject(body) ? body : {});
      return reply.send('ok');
    } catch (error) {
      if (error instanceof SlackApiError) return reply.code(404).send({ ok: false, error: error.code });
      return reply.code(400).send('invalid_payload');
    }
  });

  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { id: string }; Body: Buffer }>('/upload/v1/:id', async ({ params, body }, reply) =>
      simulator.workspace.uploads.receive(params.id, body)
        ? reply.send(`OK - ${body.length}`)
        : reply.code(400).send('invalid_upload'),
    );
  });

  // The token opens the file. Without access, Slack answers with the page for signing in and status 200 (reported in
  // grundleborg/slack-advanced-exporter#13). The content of a canvas is HTML (stablyai/agent-slack#19).
  server.get<{ Params: { file: string } }>('/files-pri/:file/*', async ({ params, headers }, reply) => {
    const id = params.file.replace(/^.*-/, '');
    const file = simulator.webApi.fileFor(headers.authorization, id);
    if (file === undefined) return reply.type('text/html; charset=utf-8').send('<!DOCTYPE html><title>Slack</title>');
    return reply.type(file.mode === 'quip' ? 'text/html' : file.mimetype).send(Buffer.from(file.bytes));
  });

  simulator.socketMode?.attach(server.server);
  registerControl(server, simulator);

  await server.listen({ host: resolved.host, port: resolved.port });
  const { port } = server.server.address() as AddressInfo;
  simulator.attach(`http://${reachable(resolved.host)}:${port}`, () => server.close());
  simulator.workspace.uploads.origin = simulator.url.replace(/\/api\/$/, '');
  if (resolved.verify) {
    await simulator.verifyUrl().catch(async (error: unknown) => {
      await simulator.close();
      throw error;
    });
  }
  return simulator;
}

/**
 * Returns the host for the server's address. For a server that listens on all interfaces, the result is a loopback
 * address.
 */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
