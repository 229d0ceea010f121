import { traced } from '@slack-mcp/slack';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../http/admission.ts';
import { BodyIncompleteError, BodyRefusedError, readBody } from '../http/read-body.ts';
import { createEndOfTurn } from './end-of-turn.ts';
import type { Ingress, Refusal } from './ingress.ts';
import type { IngressAnswer } from './ingress-answer.ts';

/** Options of {@link slackRoutes}. */
export interface SlackRoutesOptions {
  readonly ingress: Ingress;
  /** Maximum size of a body in bytes. Default 4 MiB. */
  readonly bodyLimit?: number;
}

const PATHS = ['/slack/events', '/slack/interactivity', '/slack/commands'] as const;

/**
 * Fastify plugin that adds the three request URLs for Slack. Each request URL accepts events, interactions and
 * commands.
 */
export async function slackRoutes(scope: FastifyInstance, options: SlackRoutesOptions): Promise<void> {
  const { ingress, bodyLimit = 4 * 1024 * 1024 } = options;
  const endOfTurn = createEndOfTurn();

  // The signature covers the raw bytes, so nothing may parse them first.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request, stream, done) => {
    const admission = request.getDecorator<Admission>('admission');
    readBody(stream, { admission, limit: bodyLimit }, done);
  });

  scope.decorateRequest('admission', null);
  scope.decorateRequest('givenType', undefined);
  // Hooks with callbacks, because every request passes through them: a promise for each would cost more than its work.
  scope.addHook('onRequest', (request, reply, done) => {
    const admission = ingress.admission.admit();
    if (admission === undefined) {
      send(reply, ingress.refuse('overloaded', request.id));
      return;
    }
    request.setDecorator('admission', admission);
    // A proxy may remove, repeat or break the header. The framework would reject that, but the signature is what
    // counts.
    request.setDecorator('givenType', request.headers['content-type']);
    request.raw.headers['content-type'] = undefined;
    reply.raw.on('close', () => admission.release());
    done();
  });

  scope.setErrorHandler((error: FastifyError, request, reply) => {
    // The client is still sending data that will not be read.
    if (error instanceof BodyRefusedError) reply.header('connection', 'close');
    return send(reply, ingress.refuse(refusalOf(error), request.id, reasonOf(error)));
  });

  for (const path of PATHS) {
    scope.post(path, async (request, reply) => {
      const admission = request.getDecorator<Admission>('admission');
      if (!admission.enter()) return send(reply, ingress.refuse('overloaded', request.id));
      const received = {
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        contentType: request.getDecorator<string | undefined>('givenType'),
        timestamp: header(request, 'x-slack-request-timestamp'),
        signature: header(request, 'x-slack-signature'),
        retryNum: printable(header(request, 'x-slack-retry-num')),
        retryReason: printable(header(request, 'x-slack-retry-reason')),
        correlationId: request.id,
      };
      const attributes = { 'http.request.method': 'POST', 'http.route': path };
      const answer = await traced(
        `POST ${path}`,
        { kind: 'server', attributes, headers: request.headers },
        async (span) => {
          const given = await ingress.receive(received);
          if (given.status >= 500) span.fail(String(given.status));
          return given;
        },
      );
      await endOfTurn();
      return send(reply, answer);
    });
  }
}

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof BodyRefusedError) return error.reason;
  if (error instanceof BodyIncompleteError) return 'body_incomplete';
  if (error.statusCode === 415) return 'unsupported_media_type';
  return error.statusCode !== undefined && error.statusCode < 500 ? 'malformed_body' : 'queue_unavailable';
}

function reasonOf(error: FastifyError): string {
  if (!(error instanceof BodyRefusedError)) return error.code ?? error.name;
  return error.reason === 'body_too_large' ? 'above_limit' : 'bytes_at_work';
}

function send(reply: FastifyReply, answer: IngressAnswer): FastifyReply {
  reply.code(answer.status);
  if (answer.noRetry) reply.header('x-slack-no-retry', '1');
  return answer.body === undefined ? reply.send() : reply.send(answer.body);
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function printable(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x20-\x7e]{1,64}$/.test(value) ? value : undefined;
}
