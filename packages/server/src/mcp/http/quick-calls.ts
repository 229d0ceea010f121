import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { RELATED_TASK_META_KEY } from '@modelcontextprotocol/sdk/types.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedTypes } from './accepted-types.ts';
import { CallStream } from './call-stream.ts';
import type { OpenRequests } from './open-requests.ts';
import { type PlainRequest, plainRequest } from './plain-request.ts';
import { QuickCall } from './quick-call.ts';
import type { SessionEvents } from './session-events.ts';

/** The first revision whose clients understand an event without data. */
const FIRST_WITH_PRIMING = '2025-11-25';

/** The parts of a session that {@link QuickCalls} uses. */
export interface QuickCallsOptions {
  readonly server: Server;
  readonly events: SessionEvents;
  readonly requests: OpenRequests;
  /** Milliseconds between keep-alives on a silent stream. */
  readonly keepAliveMs: number;
}

/** Whether a request may be a tool call that {@link QuickCalls} answers. */
export function mayBeCall({ body }: FastifyRequest): boolean {
  return (body as { method?: unknown } | undefined)?.method === 'tools/call';
}

/**
 * Answers the tool calls of a session without the SDK's transport, which takes longer than most calls. The messages of
 * a call are the same as those of the SDK.
 */
export class QuickCalls {
  readonly #options: QuickCallsOptions;
  /** The streams of the calls in progress, by their ID. */
  readonly #streams = new Map<string, CallStream>();
  #calls = 0;

  constructor(options: QuickCallsOptions) {
    this.#options = options;
  }

  /** Answers an HTTP request if it is a tool call. Returns false if the SDK must answer the request. */
  async answer(request: FastifyRequest, reply: FastifyReply, authInfo: object | undefined): Promise<boolean> {
    const body = plainRequest(request);
    const { json, stream: takesStream } = acceptedTypes(request.headers.accept);
    if (body === undefined || !isPlainCall(body) || !(json || takesStream)) return false;
    const { server, events, requests, keepAliveMs } = this.#options;
    const { fallbackRequestHandler: handle } = server;
    if (handle === undefined) return false;
    const hasPriming = String(request.headers['mcp-protocol-version'] ?? '') >= FIRST_WITH_PRIMING;
    this.#calls += 1;
    const id = `call-${this.#calls}`;
    const stream = takesStream ? new CallStream({ id, events, hasPriming, keepAliveMs }) : undefined;
    const call = new QuickCall(body, reply, stream);
    if (stream !== undefined) this.#streams.set(stream.id, stream);
    requests.beginDirect(body.id, call);
    try {
      await call.run(server, handle, authInfo as never);
    } finally {
      requests.settle(body.id);
      if (stream !== undefined) this.#streams.delete(stream.id);
    }
    return true;
  }

  /** Continues the stream of a call in progress. Returns false if the event belongs to another stream. */
  resume(lastEventId: string, reply: FastifyReply): boolean {
    const stream = this.#streams.get(this.#options.events.find(lastEventId)?.streamId ?? '');
    stream?.resume(reply, lastEventId);
    return stream !== undefined;
  }
}

function isPlainCall({ method, params: { task, _meta = {} } }: PlainRequest): boolean {
  const { progressToken } = _meta;
  const isToken =
    progressToken === undefined || typeof progressToken === 'string' || Number.isSafeInteger(progressToken);
  return method === 'tools/call' && task === undefined && isToken && !Object.hasOwn(_meta, RELATED_TASK_META_KEY);
}
