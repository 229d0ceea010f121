import type { JsonObject } from '@slack-mcp/core';
import { OPS_ROUTES, type OpsCaller, type OpsContext, OpsError } from '@slack-mcp/core/ops';
import { OpsRefusedError } from './ops-refused-error.ts';

/** Returns the operations of this process; undefined until its backend is open. */
export type OpsSource = () => OpsContext | undefined;

/** A request to the operations API. */
export interface OpsRequest {
  readonly method: 'GET' | 'POST';
  /** The path as the API documents it, such as `/ops/events/{id}`. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * Sends a request to the operations API of this process, without HTTP.
 *
 * @throws OpsRefusedError - the API refuses the request
 */
export async function askOps(source: OpsSource, caller: OpsCaller, request: OpsRequest): Promise<JsonObject> {
  const ops = source();
  const route = OPS_ROUTES.find(({ method, path }) => method === request.method && path === request.path);
  if (ops === undefined || route === undefined) {
    throw new OpsRefusedError('The queue is not open yet. Try again.', {});
  }
  const { params = {}, query = {}, body = {} } = request;
  try {
    return (await route.handle(ops, { caller, params, query: given(query), body: given(body) })) as JsonObject;
  } catch (error) {
    if (error instanceof OpsError) throw new OpsRefusedError(error.message, { ...error.details, reason: error.code });
    throw error;
  }
}

/** Leaves out fields without a value. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
