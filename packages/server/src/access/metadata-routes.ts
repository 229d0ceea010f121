import type { FastifyInstance } from 'fastify';
import type { AccessGuard } from './access-guard.ts';
import { answerRefusals } from './answer-refusals.ts';

/** Fastify plugin: where OAuth clients find out how to get a token. Needs none itself. */
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
 * A client with an OAuth provider whose key is refused asks this server to register it next. It shows its user the answer
 * only if that is one of OAuth.
 */
function refuseRegistration(scope: FastifyInstance): void {
  const error_description =
    'This server takes access keys, and has no OAuth: the key in the Authorization header is missing or wrong.';
  scope.post('/register', {
    config: { isPublic: true },
    // Before the body is read.
    onRequest: async (_request, reply) => reply.code(400).send({ error: 'invalid_request', error_description }),
    handler: async () => undefined,
  });
}
