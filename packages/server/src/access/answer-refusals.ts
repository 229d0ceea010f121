import type { FastifyInstance } from 'fastify';
import { httpErrorBody } from '../http/http-errors.ts';
import { AccessRefusedError } from './refusal.ts';

/** Formats refusals as error bodies. All other errors go to the error handler of the enclosing scope. */
export function answerRefusals(scope: FastifyInstance, component: string): void {
  scope.setErrorHandler((error, request, reply) => {
    if (!(error instanceof AccessRefusedError)) throw error;
    const { status, headers, code, message } = error.refusal;
    return reply.code(status).headers(headers).send(httpErrorBody({ code, message, component }, request.id));
  });
}
