import type { JsonObject } from '../../contract/json.ts';
import { errorBody } from '../../http/error-body.ts';
import { nearestName } from '../../loading/nearest-name.ts';
import { bearerToken, createOpsKeyCheck, type OpsCaller, type OpsKey } from '../access/ops-keys.ts';
import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import { ACT_ROUTES } from './act-routes.ts';
import type { ObjectSchema } from './json-schema.ts';
import { openApiOf } from './openapi.ts';
import type { OpsCall, OpsRoute } from './ops-route.ts';
import { READ_ROUTES } from './read-routes.ts';

/** A request of Fastify. */
interface HttpRequest {
  readonly id: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** A reply of Fastify. */
interface HttpReply {
  code(status: number): HttpReply;
  header(name: string, value: string): HttpReply;
  send(body: unknown): unknown;
}

/** The methods of a Fastify application that {@link mountOps} uses. */
export interface OpsHttpApp {
  // Methods, because TypeScript compares the parameters of methods bivariantly.
  setErrorHandler(handler: never): unknown;
  addHook(name: 'preClose', hook: () => Promise<void>): unknown;
  route(options: never): unknown;
}

/** Options of {@link mountOps}. */
export interface MountOpsOptions {
  readonly keys: readonly OpsKey[];
  /** The version of the package, for the OpenAPI document. */
  readonly version: string;
}

/** All routes of the operations API. */
export const OPS_ROUTES: readonly OpsRoute[] = [...READ_ROUTES, ...ACT_ROUTES];

/** Maximum size of a body in bytes. */
const BODY_LIMIT = 64 * 1024;

/**
 * Adds the routes of the operations API to a scope of a Fastify application, which the caller passes because this
 * package has no dependencies. Sets the error handler of the scope.
 */
export function mountOps(app: OpsHttpApp, ops: OpsContext, { keys, version }: MountOpsOptions): void {
  const holderOf = createOpsKeyCheck(keys);
  const document = openApiOf(OPS_ROUTES, version);

  function answerError(error: Error, request: HttpRequest, reply: HttpReply): unknown {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    if (refusal.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="slack-mcp-ops"');
    const { code, message, details } = refusal;
    return reply.code(refusal.statusCode).send(errorBody({ code, message, component: 'ops', details }, request.id));
  }
  app.setErrorHandler(answerError as never);
  // Open streams would delay the close.
  app.addHook('preClose', async () => ops.streams.close());

  function callerOf({ headers }: HttpRequest, { method, path, role }: OpsRoute): OpsCaller {
    const token = bearerToken(headers['authorization']);
    const caller = token === undefined ? undefined : holderOf(token);
    if (caller === undefined) {
      throw new OpsError('unauthorized', 'A valid key is required. Send it as Authorization: Bearer <key>.');
    }
    if (role === 'operate' && caller.role !== 'operate') {
      ops.audit.record({ who: caller.name, action: 'request', target: `${method} ${path}`, outcome: 'refused' });
      throw new OpsError(
        'insufficient_role',
        `The key ${caller.name} may only read: this request needs the role operate.`,
      );
    }
    return caller;
  }

  for (const route of OPS_ROUTES) {
    const { method, path, params, query, body, status = 200 } = route;
    const options = {
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      bodyLimit: BODY_LIMIT,
      schema: { ...(params && { params }), ...(query && { querystring: query }), ...(body && { body }) },
      onRequest: async (request: HttpRequest): Promise<void> => {
        callerOf(request, route);
      },
      // Fastify would drop unknown fields, and a filter without the misspelt field would select too much.
      preValidation: async (request: HttpRequest): Promise<void> => {
        refuseUnknown(request.query, query);
        refuseUnknown(request.body, body);
      },
      handler: async (request: HttpRequest, reply: HttpReply): Promise<unknown> => {
        const call = { ...(request as object as OpsCall), caller: callerOf(request, route) };
        const { params: given = {}, query: asked = {}, body: sent = {} } = request as object as Partial<OpsCall>;
        const answer = await route.handle(ops, { caller: call.caller, params: given, query: asked, body: sent });
        reply.code(status).header('cache-control', 'no-store');
        // Proxies such as nginx would keep the steps until a buffer is full.
        if (route.isStream) reply.header('content-type', 'text/event-stream').header('x-accel-buffering', 'no');
        return answer;
      },
    };
    app.route(options as never);
  }

  app.route({ method: 'GET', url: '/ops/openapi.json', handler: async (): Promise<JsonObject> => document } as never);
}

function refuseUnknown(given: unknown, { properties = {} }: Partial<ObjectSchema> = {}, prefix = ''): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
  for (const [name, value] of Object.entries(given)) {
    const known = properties[name];
    if (known === undefined) {
      const names = Object.keys(properties);
      const nearest = nearestName(name, names);
      const advice =
        nearest === undefined ? `the fields are ${names.join(', ') || 'none'}` : `did you mean ${nearest}?`;
      throw new OpsError('bad_request', `${prefix}${name.slice(0, 60)}: there is no such field; ${advice}`);
    }
    if (known.type === 'object' && known.properties) refuseUnknown(value, known as ObjectSchema, `${prefix}${name}.`);
  }
}

/** An error with which Fastify refuses a request. */
interface FastifyRefusal extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly validation?: readonly {
    readonly instancePath: string;
    readonly message?: string;
    readonly params?: object;
  }[];
}

function refusalOf(error: FastifyRefusal): OpsError | undefined {
  if (error instanceof OpsError) return error;
  const [problem] = error.validation ?? [];
  if (problem !== undefined) {
    const { allowedValues } = (problem.params ?? {}) as { allowedValues?: readonly string[] };
    const field = problem.instancePath.slice(1).replaceAll('/', '.');
    const expected = allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`;
    return new OpsError('bad_request', `${field} ${problem.message ?? 'is not valid'}${expected}`.trim());
  }
  const status = error.statusCode ?? 500;
  if (status === 415) {
    return new OpsError('bad_request', 'The Content-Type of the body is not application/json: send that header.');
  }
  // Not the message of the parser, because it can quote the body.
  return status < 500 ? new OpsError('bad_request', 'The body is not a JSON object of at most 64 KiB.') : undefined;
}
