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
const END = Buffer.from('}');

/**
 * Answers list requests as plain JSON that is serialized and encoded only once. Prebuilt answers save work, because clients request
 * lists often and an immediate answer needs no stream. Requests with unusual parameters are left to the SDK.
 */
export class QuickAnswers {
  readonly #encoded = new WeakMap<object, Buffer>();

  /** Returns the body of the answer, or undefined if the SDK must answer the request. */
  async to(request: FastifyRequest, server: Server, authInfo: object | undefined): Promise<Buffer | undefined> {
    const body = plainRequest(request);
    if (body === undefined || !LISTS.has(body.method) || !acceptedTypes(request.headers.accept).json) return undefined;
    const { _meta = {} } = body.params;
    try {
      const extra = { signal: new AbortController().signal, authInfo, _meta, sendNotification: async () => {} };
      const result = await server.fallbackRequestHandler?.(body as never, extra as never);
      if (result === undefined) return undefined;
      const head = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(body.id)},"result":`);
      return Buffer.concat([head, this.#encode(result), END]);
    } catch {
      return undefined;
    }
  }

  #encode(result: object): Buffer {
    const known = this.#encoded.get(result);
    if (known !== undefined) return known;
    const bytes = Buffer.from(JSON.stringify(result));
    if (Object.isFrozen(result)) this.#encoded.set(result, bytes);
    return bytes;
  }
}
