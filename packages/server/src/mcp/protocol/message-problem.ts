import type { RequestId } from '@modelcontextprotocol/sdk/types.js';
import { listenProblem } from './listen-problem.ts';

/** The reason a message is not valid, as reported to the client that sent it. */
export interface MessageProblem {
  readonly code: number;
  readonly message: string;
}

/** Describes what is wrong with a message. Returns undefined if the SDKs can handle the message. */
export function problemOf(message: unknown): MessageProblem | undefined {
  if (!isObject(message) || message['jsonrpc'] !== '2.0') return INVALID;
  const { id, method, params = {} } = message;
  if (id !== undefined && idOf(message) === null) return INVALID;
  if (method === undefined)
    return id !== undefined && ('result' in message || 'error' in message) ? undefined : INVALID;
  if (typeof method !== 'string') return INVALID;
  const { _meta = {} } = isObject(params) ? params : { _meta: null };
  if (!isObject(_meta)) return { code: -32602, message: 'params and params._meta must be objects.' };
  const { progressToken = 0 } = _meta;
  if (typeof progressToken !== 'string' && !Number.isSafeInteger(progressToken)) return WRONG_TOKEN;
  const tooMuch = listenProblem(message);
  return tooMuch === undefined ? undefined : { code: -32602, message: tooMuch };
}

/** Returns the ID of a request, or `null` if the message has no valid ID. */
export function idOf(message: unknown): RequestId | null {
  const id = isObject(message) ? message['id'] : undefined;
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as RequestId) : null;
}

const WRONG_TOKEN: MessageProblem = { code: -32602, message: 'progressToken must be a string or an integer.' };

const INVALID: MessageProblem = { code: -32600, message: 'Not a JSON-RPC 2.0 message.' };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
