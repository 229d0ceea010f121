/**
 * JSON-RPC codes for errors that the server returns before the MCP SDK receives a request. The SDK uses the same codes.
 */
export const JSON_RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  invalidParams: -32602,
  internalError: -32603,
  refused: -32000,
  sessionNotFound: -32001,
} as const;

/** The body of an error response that belongs to no JSON-RPC request. */
export interface JsonRpcErrorBody {
  jsonrpc: '2.0';
  error: { code: number; message: string };
  id: null;
}

/** Creates an error body in the format that MCP clients expect. */
export function jsonRpcError(code: number, message: string): JsonRpcErrorBody {
  return { jsonrpc: '2.0', error: { code, message }, id: null };
}
