import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { RequestLease } from '../../access/request-lease.ts';
import { UndeliverableRequestError } from '../protocol/undeliverable-request-error.ts';
import type { Intake } from './intake.ts';
import { JSON_RPC } from './json-rpc-error.ts';

/** The members of a transport that `OpenRequests` intercepts. */
type Wire = Pick<Transport, 'onmessage'> & {
  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void>;
};

/** An open request that the transport has not received. */
export interface DirectRequest {
  /** Sends a message that belongs to the request. */
  send(message: JSONRPCMessage): void;
  /** Stops the work for the request, and answers it. */
  interrupt(answer: Outcome): void;
}

/** The result or the error with which a request ends. */
type Outcome = { result: Record<string, never> } | { error: { code: number; message: string } };

/** The state of a request. */
interface Tracked {
  /** Called when the request is answered. Undefined until the request is open. */
  end?: () => void;
  /** The request, if the transport has not received it. */
  direct?: DirectRequest;
  /** Releases the lease of the HTTP request. */
  release?: () => void;
  /** Whether the client accepts only JSON as the answer. */
  isOnlyJson?: boolean;
}

const SESSION_ENDED = { code: JSON_RPC.refused, message: 'The session ended before the request was answered.' };

/** Tracks the open requests of a session. Create an instance before the transport connects. */
export class OpenRequests {
  readonly #send: Wire['send'];
  readonly #requests = new Map<RequestId, Tracked>();
  readonly #intake: Intake;

  /**
   * @param answersCancelled - whether to answer cancelled requests with an empty result, for a transport that keeps the
   * stream of a request open until the request is answered
   */
  constructor(transport: Wire, intake: Intake, { answersCancelled }: { answersCancelled: boolean }) {
    this.#intake = intake;
    this.#send = transport.send.bind(transport);
    transport.send = async (message, options) => {
      const about = options?.relatedRequestId;
      if ('method' in message && 'id' in message && about !== undefined && this.#requests.get(about)?.isOnlyJson) {
        throw new UndeliverableRequestError();
      }
      const direct = about === undefined ? undefined : this.#requests.get(about)?.direct;
      if (direct !== undefined) return direct.send(message);
      try {
        await this.#send(message, options);
      } finally {
        if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
      }
    };
    transport.onmessage = (message) => {
      if (!('method' in message)) return;
      if ('id' in message) this.#track(message.id).end = intake.begin();
      else if (message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'] as RequestId;
        // The client has forgotten the request. Send a result first, so that the SDK's own answer does not reopen the
        // stream.
        if (answersCancelled && this.#isOpen(id)) this.#answer(id, { result: {} }).catch(() => {});
        this.#settle(id);
      }
    };
  }

  /** Whether a request in a body reuses the ID of an open request, or of another request in the same body. */
  clashes(body: unknown): boolean {
    const ids = idsIn(body);
    return new Set(ids).size < ids.length || ids.some((id) => this.#isOpen(id));
  }

  /**
   * Keeps an HTTP request's lease until all its messages are answered, even if its connection closes earlier.
   *
   * @returns a function to call when the HTTP request is answered or closed, which releases the lease for messages that
   * the transport did not accept
   */
  hold(body: unknown, lease: RequestLease): () => void {
    const ids = idsIn(body);
    for (const id of ids) this.#track(id).release = lease.hold();
    return () => {
      for (const id of ids) if (!this.#isOpen(id)) this.#settle(id);
    };
  }

  /** Opens a request that the transport does not receive. Call `settle` when the request is answered. */
  beginDirect(id: RequestId, request: DirectRequest): void {
    const tracked = this.#track(id);
    tracked.end = this.#intake.begin();
    tracked.direct = request;
  }

  /** Ends tracking for a request, because it is answered. */
  settle(id: RequestId): void {
    this.#settle(id);
  }

  /** Notes that the client accepts only JSON as the answer to the requests in a body. */
  expectJson(body: unknown): void {
    for (const id of idsIn(body)) this.#track(id).isOnlyJson = true;
  }

  /** Answers all open requests with an error. */
  async refuse(): Promise<void> {
    await Promise.allSettled(this.#openIds.map((id) => this.#answer(id, { error: SESSION_ENDED })));
    this.end();
  }

  /** Ends tracking for the session. The transport answers no open request after `end`. */
  end(): void {
    for (const { direct } of [...this.#requests.values()]) direct?.interrupt({ error: SESSION_ENDED });
    for (const id of this.#openIds) this.#settle(id);
  }

  async #answer(id: RequestId, outcome: Outcome): Promise<void> {
    const direct = this.#requests.get(id)?.direct;
    if (direct === undefined) await this.#send({ jsonrpc: '2.0', id, ...outcome });
    else direct.interrupt(outcome);
  }

  get #openIds(): readonly RequestId[] {
    return [...this.#requests.keys()].filter((id) => this.#isOpen(id));
  }

  #isOpen(id: RequestId): boolean {
    return this.#requests.get(id)?.end !== undefined;
  }

  #track(id: RequestId): Tracked {
    const known = this.#requests.get(id) ?? {};
    this.#requests.set(id, known);
    return known;
  }

  #settle(id: RequestId): void {
    const tracked = this.#requests.get(id);
    this.#requests.delete(id);
    tracked?.end?.();
    tracked?.release?.();
  }
}

/** Returns the IDs of the requests in a body. */
function idsIn(body: unknown): readonly RequestId[] {
  return [body].flat().flatMap((message) => {
    const { id, method } = (message ?? {}) as { id?: RequestId; method?: unknown };
    return id === undefined || method === undefined ? [] : [id];
  });
}
