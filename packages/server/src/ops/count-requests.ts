import type { Metrics } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';

/** Counts every HTTP request of an application by method, route and status. Call it before routes are added. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter('httpRequests');
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    requests({ method: request.method, route, status: String(reply.statusCode) });
    done();
  });
}
