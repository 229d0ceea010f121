import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { FastifyReply } from 'fastify';
import type { CallStream } from './call-stream.ts';
import { takeOver } from './http-transport.ts';
import { JSON_RPC } from './json-rpc-error.ts';
import type { DirectRequest } from './open-requests.ts';
import type { PlainRequest } from './plain-request.ts';

/** Milliseconds after which a call gets a stream, so that the client can resume if its connection breaks. */
const STREAM_AFTER_MS = 100;

/** A handler of all methods. */
export type Handle = NonNullable<Server['fallbackRequestHandler']>;
type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** One tool call, and the HTTP response that answers it. */
export class QuickCall implements DirectRequest {
  readonly #request: PlainRequest;
  readonly #reply: FastifyReply;
  /** Undefined if the client accepts only JSON. */
  readonly #stream: CallStream | undefined;
  readonly #abort = new AbortController();
  readonly #answered = Promise.withResolvers<void>();
  #isOpen = false;
  #isAnswered = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: PlainRequest, reply: FastifyReply, stream: CallStream | undefined) {
    this.#request = request;
    this.#reply = reply;
    this.#stream = stream;
  }

  /** Runs the call with a handler of the server. Resolves when the call is answered. */
  async run(server: Server, handle: Handle, authInfo: Extra['authInfo']): Promise<void> {
    const { id, params } = this.#request;
    if (this.#stream !== undefined) this.#timer = setTimeout(() => this.#open(), STREAM_AFTER_MS);
    const extra = {
      requestId: id,
      signal: this.#abort.signal,
      authInfo,
      _meta: params._meta,
      sendNotification: (notice: ServerNotification) => server.notification(notice, { relatedRequestId: id }),
      sendRequest: (...[request, schema, options]: Parameters<Extra['sendRequest']>) =>
        server.request(request, schema, { ...options, relatedRequestId: id }),
    };
    try {
      const running = handle(this.#request as unknown as JSONRPCRequest, extra as never);
      running.then(
        (result) => this.#finish(`"result":${JSON.stringify(result)}`),
        (error: unknown) => this.#finish(`"error":${JSON.stringify(errorOf(error))}`),
      );
      await this.#answered.promise;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** Sends a message that belongs to the call. A client that accepts only JSON does not receive it. */
  send(message: JSONRPCMessage): void {
    if (this.#stream === undefined || this.#isAnswered) return;
    this.#open();
    this.#stream.send(JSON.stringify(message));
  }

  /** Aborts the call, and answers it with a result or an error. */
  interrupt(answer: { result: object } | { error: object }): void {
    this.#finish(JSON.stringify(answer).slice(1, -1));
    this.#abort.abort();
  }

  #open(): void {
    if (this.#isOpen || this.#isAnswered) return;
    this.#isOpen = true;
    this.#stream?.open(this.#reply);
  }

  /** @param member - the member `result` or `error` of the answer, as JSON */
  #finish(member: string): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const text = `{"jsonrpc":"2.0","id":${JSON.stringify(this.#request.id)},${member}}`;
    if (this.#stream === undefined) {
      const head = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      takeOver(this.#reply).writeHead(200, head).end(text);
    } else if (this.#isOpen) this.#stream.end(text);
    else this.#stream.sendAll(this.#reply, text);
    this.#answered.resolve();
  }
}

/** Returns a JSON-RPC error with the code and message of an error. */
function errorOf(error: unknown): object {
  const { code, message, data } = error as { code?: unknown; message?: string; data?: unknown };
  return {
    code: Number.isSafeInteger(code) ? code : JSON_RPC.internalError,
    message: message ?? 'Internal error',
    ...(data === undefined ? {} : { data }),
  };
}
