import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { FastifyRequest } from 'fastify';
import { acceptedTypes } from './accepted-types.ts';
import { plainRequest } from './plain-request.ts';

/** Methods whose answers are prebuilt and shared. */
const LISTS: ReadonlySet<unknown> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

/**
 * Answers list requests as plain JSON that is serialized only once. Prebuilt answers save work, because clients request
 * lists often and an immediate answer needs no stream. Requests with unusual parameters are left to the SDK.
 */
export class QuickAnswers {
  readonly #texts = new WeakMap<object, string>();

  /** Returns the body of the answer, or undefined if the SDK must answer the request. */
  async to(request: FastifyRequest, server: Server, authInfo: object | undefined): Promise<string | undefined> {
    const body = plainRequest(request);
    if (body === undefined || !LISTS.has(body.method) || !acceptedTypes(request.headers.accept).json) return undefined;
    const { _meta = {} } = body.params;
    try {
      const extra = { signal: new AbortController().signal, authInfo, _meta, sendNotification: async () => {} };
      const result = await server.fallbackRequestHandler?.(body as never, extra as never);
      return result && `{"jsonrpc":"2.0","id":${JSON.stringify(body.id)},"result":${this.#textOf(result)}}`;
    } catch {
      return undefined;
    }
  }

  #textOf(result: object): string {
    const known = this.#texts.get(result);
    if (known !== undefined) return known;
    const text = JSON.stringify(result);
    if (Object.isFrozen(result)) this.#texts.set(result, text);
    return text;
  }
}
