import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ingress } from './ingress.ts';
import type { IngressAnswer } from './ingress-answer.ts';

/** Options of {@link slackRoutes}. */
export interface SlackRoutesOptions {
  readonly ingress: Ingress;
  /** Largest body in bytes. Default 4 MiB. */
  readonly bodyLimit?: number;
}

const PATHS = ['/slack/events', '/slack/interactivity', '/slack/commands'] as const;

/** Fastify plugin: Slack's three request URLs, each of which takes whatever Slack sends. */
export async function slackRoutes(scope: FastifyInstance, options: SlackRoutesOptions): Promise<void> {
  const { ingress, bodyLimit = 4 * 1024 * 1024 } = options;

  // The signature is over the bytes as they came: nothing parses them before.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));

  scope.addHook('onRequest', async (request, reply) => {
    const release = ingress.admit();
    if (release === undefined) return send(reply, ingress.refuse('overloaded', request.id));
    reply.raw.once('close', release);
  });

  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const result =
      error.statusCode === 413
        ? 'body_too_large'
        : error.statusCode === 415
          ? 'unsupported_media_type'
          : error.statusCode !== undefined && error.statusCode < 500
            ? 'malformed_body'
            : 'queue_unavailable';
    return send(reply, ingress.refuse(result, request.id, error.code ?? error.name));
  });

  for (const path of PATHS) {
    scope.post(path, { bodyLimit }, async (request, reply) =>
      send(
        reply,
        await ingress.receive({
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          contentType: request.headers['content-type'],
          timestamp: header(request, 'x-slack-request-timestamp'),
          signature: header(request, 'x-slack-signature'),
          retryNum: printable(header(request, 'x-slack-retry-num')),
          retryReason: printable(header(request, 'x-slack-retry-reason')),
          correlationId: request.id,
        }),
      ),
    );
  }
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
