import { JSON_HEADERS } from './send.ts';

/** The revision without sessions. */
export const REVISION = '2026-07-28';

/** The metadata that every message of that revision contains. */
export const ENVELOPE: Readonly<Record<string, unknown>> = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A message of that revision. */
export interface ModernMessage {
  jsonrpc: '2.0';
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** A request of that revision. */
export function modernMessage(method: string, params: Record<string, unknown> = {}, id = 1): ModernMessage {
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta: ENVELOPE } };
}

/** That request over HTTP, with the headers that must repeat its content. */
export function modernPost(
  method: string,
  params: Record<string, unknown> = {},
): { method: 'POST'; headers: Record<string, string>; body: ModernMessage } {
  const name = params['name'] ?? params['uri'];
  return {
    method: 'POST',
    headers: {
      ...JSON_HEADERS,
      'mcp-protocol-version': REVISION,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: modernMessage(method, params),
  };
}
