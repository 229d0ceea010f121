import type { Metrics } from '@slack-mcp/core';
import type { FastifyInstance } from 'fastify';

/** The number of requests since the start. */
export interface ServedRequests {
  readonly requests: number;
  readonly unanswered: number;
}

/**
 * Counts the HTTP requests of an application, and the answers by method, route and status. Call this function before
 * routes are added. Returns a function that returns the numbers.
 */
export function countRequests(app: FastifyInstance, metrics: Metrics): () => ServedRequests {
  const answers = metrics.counter('httpRequests');
  let requests = 0;
  let answered = 0;
  app.addHook('onRequest', (_request, _reply, done) => {
    requests += 1;
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    answers({ method: request.method, route, status: String(reply.statusCode) });
    answered += 1;
    done();
  });
  return () => ({ requests, unanswered: requests - answered });
}
