import type { FastifyInstance } from 'fastify';
import type { AccessGuard } from './access-guard.ts';
import { answerRefusals } from './answer-refusals.ts';

/** Fastify plugin: where OAuth clients find out how to get a token. Needs none itself. */
export async function metadataRoutes(scope: FastifyInstance, { guard }: { guard: AccessGuard }): Promise<void> {
  const { resource } = guard;
  if (resource === undefined) return;
  answerRefusals(scope, 'mcp');
  for (const path of resource.paths) {
    scope.get(path, { config: { isPublic: true } }, async (request, reply) =>
      reply.header('cache-control', 'max-age=3600').send(resource.metadata(request.headers)),
    );
  }
}
