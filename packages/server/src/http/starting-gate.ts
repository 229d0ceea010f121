import type { FastifyInstance } from 'fastify';
import { httpErrorBody } from './http-errors.ts';

/** Answers 503 on all routes of a scope until the server has started. Clients and Slack retry after a 503. */
export function addStartingGate(scope: FastifyInstance, hasStarted: () => boolean): void {
  scope.addHook('onRequest', (request, reply, done) => {
    if (hasStarted()) return done();
    const message = 'The server is starting. Retry the request.';
    const body = httpErrorBody({ code: 'starting', message, component: 'http' }, request.id);
    reply.code(503).header('retry-after', '1').send(body);
  });
}
