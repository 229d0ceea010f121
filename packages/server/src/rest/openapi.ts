import { HTTP_ERRORS } from '../http/http-errors.ts';
import type { ToolDescription } from '../tools/define-tool.ts';
import { TOOL_FAILURES } from './tool-failures.ts';

type Json = Readonly<Record<string, unknown>>;

/** Describes the REST endpoints of a server, and each tool, as an OpenAPI 3.1 document. */
export function openApiOf(tools: readonly ToolDescription[], version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slack tools',
      version,
      description: 'The tools of the MCP server as a plain HTTP API. A caller sees only the tools that it may call.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, {}],
    paths: {
      '/list_tools': {
        get: {
          operationId: 'listTools',
          summary: 'Lists the tools',
          responses: {
            200: answer('The tools that the caller may call.', {
              type: 'object',
              required: ['tools'],
              properties: { tools: { type: 'array', items: reference('Tool') } },
            }),
            ...failures(LIST_STATUSES),
          },
        },
      },
      '/call_tool': {
        post: {
          operationId: 'callTool',
          summary: 'Calls a tool',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: callSchema(tools) } },
          },
          responses: { 200: answer('The result of the tool.', reference('Result')), ...failures() },
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An access key or an access token.' } },
      schemas: {
        Error: ERROR,
        Tool: TOOL,
        Result: RESULT,
        ...Object.fromEntries(tools.flatMap(schemasOf)),
      },
    },
  };
}

/** The statuses of refused requests, without the statuses of failed calls. */
const LIST_STATUSES: ReadonlySet<string> = new Set(['400', '401', '403', '429', '503']);

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'component', 'details', 'correlation_id'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        component: { type: 'string' },
        details: { type: 'object' },
        correlation_id: { type: 'string' },
      },
    },
  },
};

const TOOL: Json = {
  type: 'object',
  required: ['name', 'title', 'description', 'inputSchema', 'annotations'],
  properties: {
    name: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    inputSchema: { type: 'object', description: 'JSON Schema of the arguments.' },
    outputSchema: { type: 'object', description: 'JSON Schema of `structuredContent`.' },
    annotations: { type: 'object' },
  },
};

const RESULT: Json = {
  type: 'object',
  required: ['content'],
  properties: {
    content: {
      type: 'array',
      items: { type: 'object' },
      description: 'The output as MCP content, such as { "type": "text", "text": "…" }, to pass to a model.',
    },
    structuredContent: { type: 'object', description: 'The output as JSON.' },
  },
};

function callSchema(tools: readonly ToolDescription[]): Json {
  const calls = tools.map(({ name, title }) => ({
    type: 'object',
    title,
    required: ['name'],
    properties: { name: { const: name }, arguments: reference(`${name}.arguments`) },
  }));
  return calls.length === 0
    ? { type: 'object', required: ['name'], properties: { name: { type: 'string' }, arguments: { type: 'object' } } }
    : { oneOf: calls };
}

function schemasOf({ name, description, inputSchema, outputSchema }: ToolDescription): [string, unknown][] {
  const given: [string, Json | undefined][] = [
    [`${name}.arguments`, { ...inputSchema, description }],
    [`${name}.result`, outputSchema],
  ];
  return given.flatMap(([key, schema]) => (schema === undefined ? [] : [[key, within(schema, key)]]));
}

/** Makes the references of a schema relative to the document. */
function within(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === '$ref' && typeof item === 'string'
        ? item.replace(/^#/, `#/components/schemas/${key}`)
        : within(item, key),
    ]),
  );
}

/** @param only - the statuses to include; default: all */
function failures(only?: ReadonlySet<string>): Json {
  const all = [...Object.entries(HTTP_ERRORS), ...Object.entries(TOOL_FAILURES)].filter(([, { components }]) =>
    components.some((component) => component === 'tools' || component === 'mcp' || component === 'http'),
  );
  const byStatus = Map.groupBy(all, ([, { status }]) => String(status));
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => only?.has(status) ?? true)
      .map(([status, errors]) => [
        status,
        answer(errors.map(([code, { meaning }]) => `\`${code}\`: ${meaning}`).join('\n\n'), reference('Error')),
      ]),
  );
}

function answer(description: string, schema: Json): Json {
  return { description, content: { 'application/json': { schema } } };
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}
