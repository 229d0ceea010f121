import { type RequestId, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyRequest } from 'fastify';

/** A single JSON-RPC request with only the standard members. */
export interface PlainRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params: {
    readonly _meta?: Readonly<Record<string, unknown>>;
    readonly [name: string]: unknown;
  };
}

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);

/**
 * Returns the JSON-RPC request in the body of an HTTP request. Returns undefined for a batch, a notification, a
 * malformed request, or an unknown revision of the protocol, which the SDK handles.
 */
export function plainRequest({ body, headers }: FastifyRequest): PlainRequest | undefined {
  const revision = headers['mcp-protocol-version'];
  if (revision !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(String(revision))) return undefined;
  if (!isObject(body) || !Object.keys(body).every((name) => MEMBERS.has(name))) return undefined;
  const { jsonrpc, id, method, params = {} } = body;
  if (jsonrpc !== '2.0' || !(typeof id === 'string' || Number.isSafeInteger(id))) return undefined;
  if (typeof method !== 'string' || !isObject(params) || !isObject(params['_meta'] ?? {})) return undefined;
  return { jsonrpc, id: id as RequestId, method, params };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
