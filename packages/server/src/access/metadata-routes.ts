import type { FastifyInstance } from 'fastify';
import type { AccessGuard } from './access-guard.ts';
import { answerRefusals } from './answer-refusals.ts';

/**
 * Fastify plugin: the routes where OAuth clients discover how to get a token. The metadata routes need no
 * authentication.
 */
export async function metadataRoutes(scope: FastifyInstance, { guard }: { guard: AccessGuard }): Promise<void> {
  const { resource } = guard;
  if (resource === undefined) {
    if (guard.asksWho) refuseRegistration(scope);
    return;
  }
  answerRefusals(scope, 'mcp');
  for (const path of resource.paths) {
    scope.get(path, { config: { isPublic: true } }, async (request, reply) =>
      reply.header('cache-control', 'max-age=3600').send(resource.metadata(request.headers)),
    );
  }
}

/**
 * Adds the route at which an OAuth client tries to register when its key was refused. The response is an OAuth error,
 * because clients show only OAuth errors to their users.
 */
function refuseRegistration(scope: FastifyInstance): void {
  const error_description =
    'This server uses access keys, not OAuth: the key in the Authorization header is missing or wrong.';
  scope.post('/register', {
    config: { isPublic: true },
    // Runs before the body is read.
    onRequest: async (_request, reply) => reply.code(400).send({ error: 'invalid_request', error_description }),
    handler: async () => undefined,
  });
}
