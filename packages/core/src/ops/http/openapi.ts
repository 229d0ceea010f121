import type { JsonObject } from '../../contract/json.ts';
import { OPS_ERRORS, type OpsErrorCode } from '../ops-error.ts';
import type { JsonSchema, ObjectSchema } from './json-schema.ts';
import type { OpsRoute } from './ops-route.ts';
import { ERROR } from './schemas.ts';

/** Returns the OpenAPI 3.1 document that describes the routes. */
export function openApiOf(routes: readonly OpsRoute[], version: string): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Operations of slack-mcp',
      version,
      description: 'Shows and operates the queue of a server or worker. A key with the role `read` may only read.',
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key from `SLACK_MCP_OPS_KEY`.' } },
      schemas: { Error: ERROR },
    },
  } as unknown as JsonObject;
}

function operationOf(route: OpsRoute): Record<string, unknown> {
  const { method, path, role, summary, params, query, body, status = 200, answer, isStream = false, errors } = route;
  const media = isStream ? 'text/event-stream' : 'application/json';
  const codes: readonly OpsErrorCode[] = [
    ...((params ?? query ?? body) ? (['bad_request'] as const) : []),
    'unauthorized',
    ...(role === 'operate' ? (['insufficient_role'] as const) : []),
    ...errors,
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => String(OPS_ERRORS[code].status));
  const failures = [...byStatus].map(([failed, found]) => [
    failed,
    {
      description: found.map((code) => `\`${code}\`: ${OPS_ERRORS[code].meaning}`).join(' '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  return {
    operationId: operationId(method, path),
    summary,
    description: `Role: \`${role}\`.`,
    ...(params || query ? { parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')] } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      [status]: { description: summary, content: { [media]: { schema: answer } } },
      ...Object.fromEntries(failures),
    },
  };
}

function parametersOf(schema: ObjectSchema | undefined, place: 'path' | 'query'): object[] {
  return Object.entries(schema?.properties ?? {}).map(
    ([name, { description = '', ...rest }]: [string, JsonSchema]) => ({
      name,
      in: place,
      required: schema?.required?.includes(name) ?? false,
      description,
      schema: rest,
    }),
  );
}

/** Returns the id of an operation, for example `getOpsDeadLettersErrors` for `GET /ops/dead-letters/errors`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z]+/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
