import { type ErrorDescription, errorBody } from '@slack-mcp/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessGuard } from '../access/access-guard.ts';
import { callerOfRequest } from '../access/access-hooks.ts';
import { admitMessages } from '../access/admit-messages.ts';
import { answerRefusals } from '../access/answer-refusals.ts';
import type { CallerQuotas } from '../access/caller-quotas.ts';
import { readJsonBodies } from '../access/json-bodies.ts';
import { narrowingOf } from '../access/narrowing-headers.ts';
import { AccessRefusedError } from '../access/refusal.ts';
import { leaseOf } from '../access/request-lease.ts';
import type { ToolDescription } from '../tools/define-tool.ts';
import { NarrowingError } from '../tools/narrowing.ts';
import { FAILURE_META_KEY } from '../tools/tool-result.ts';
import type { ToolService } from '../tools/tool-service.ts';
import { UnknownToolError } from '../tools/unknown-tool-error.ts';
import { packageVersion } from '../version.ts';
import { docsRoutes } from './docs-routes.ts';
import { openApiOf } from './openapi.ts';
import { statusOfFailure } from './tool-failures.ts';

/** Options of {@link toolRoutes}. */
export interface ToolRoutesOptions {
  readonly tools: ToolService;
  /** The access guard whose hooks are registered on the enclosing scope. */
  readonly guard: AccessGuard;
  /** The limits of each caller. */
  readonly quotas: CallerQuotas;
}

/**
 * Fastify plugin that serves the tools as plain REST (`GET /list_tools` and `POST /call_tool`) and their OpenAPI
 * description, behind the same access guard as MCP.
 */
export async function toolRoutes(scope: FastifyInstance, options: ToolRoutesOptions): Promise<void> {
  const { tools, guard, quotas } = options;

  function fail(reply: FastifyReply, status: number, error: Omit<ErrorDescription, 'component'>): FastifyReply {
    return reply.code(status).send(errorBody({ ...error, component: 'tools' }, reply.request.id));
  }

  answerRefusals(scope, 'tools');
  readJsonBodies(scope, { guard, quotas, takesSigned: false });

  /** Adds a route that answers with the tools that the caller may call. */
  function addList(path: string, answer: (listed: readonly ToolDescription[]) => object): void {
    scope.get(path, async (request, reply) => {
      try {
        return answer(tools.toolsFor(callerOfRequest(request), narrowingOf(request.headers)));
      } catch (error) {
        if (error instanceof NarrowingError) return fail(reply, 400, { code: error.code, message: error.message });
        throw error;
      }
    });
  }

  addList('/list_tools', (listed) => ({ tools: listed }));
  addList('/openapi.json', (listed) => openApiOf(listed, packageVersion()));
  await docsRoutes(scope);

  scope.post('/call_tool', async (request, reply) => {
    const call = request.body as { name?: unknown; arguments?: unknown } | null | undefined;
    if (typeof call?.name !== 'string') {
      const message = 'Send { "name": "<tool>", "arguments": { … } }.';
      return fail(reply, 400, { code: 'bad_request', message });
    }
    const caller = callerOfRequest(request);
    const asked = { method: 'tools/call', id: request.id };
    const refusal = admitMessages(asked, { caller: caller?.id, quotas, lease: leaseOf(request) });
    if (refusal !== undefined) throw new AccessRefusedError(refusal);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    try {
      const result = await tools.callTool(call.name, call.arguments ?? {}, {
        signal: gone.signal,
        caller,
        narrowing: narrowingOf(request.headers),
        format: 'structured',
      });
      const failure = result._meta?.[FAILURE_META_KEY];
      if (failure === undefined) return result;
      const { code, message, details, output } = failure;
      const status = statusOfFailure(code);
      if (code === 'insufficient_rights' && caller?.kind === 'jwt') {
        reply.headers(guard.insufficientScope(request.headers).headers);
      }
      return fail(reply, status, { code, message, details: output === undefined ? details : { ...details, output } });
    } catch (error) {
      if (gone.signal.aborted) return fail(reply, 499, { code: 'cancelled', message: 'The client disconnected.' });
      if (error instanceof NarrowingError) return fail(reply, 400, { code: error.code, message: error.message });
      if (error instanceof UnknownToolError) return fail(reply, 404, { code: error.code, message: error.message });
      throw error;
    }
  });
}
