import type { FastifyInstance } from 'fastify';
import { errorBody } from './error-body.ts';

/** Answers 503 on all routes of a scope until the server has started. Clients and Slack retry after a 503. */
export function addStartingGate(scope: FastifyInstance, hasStarted: () => boolean): void {
  scope.addHook('onRequest', (request, reply, done) => {
    if (hasStarted()) return done();
    const error = { code: 'starting', message: 'The server is starting. Retry the request.', component: 'http' };
    reply.code(503).header('retry-after', '1').send(errorBody(error, request.id));
  });
}
