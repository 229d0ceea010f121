import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { RequestLease } from '../../access/request-lease.ts';
import type { Intake } from './intake.ts';
import { JSON_RPC } from './json-rpc-error.ts';

/** The part of a transport that is listened in on. */
type Wire = Pick<Transport, 'onmessage'> & {
  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void>;
};

/** The requests of a session that are being answered. Made before the transport is connected. */
export class OpenRequests {
  readonly #send: Wire['send'];
  readonly #open = new Map<RequestId, () => void>();
  /** What their requests over HTTP hold of their caller's quotas. */
  readonly #held = new Map<RequestId, () => void>();

  /** @param answersCancelled - whether the transport keeps a stream for every request, which only an answer ends */
  constructor(transport: Wire, intake: Intake, { answersCancelled }: { answersCancelled: boolean }) {
    this.#send = transport.send.bind(transport);
    transport.send = async (message, options) => {
      try {
        await this.#send(message, options);
      } finally {
        if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
      }
    };
    transport.onmessage = (message) => {
      if (!('method' in message)) return;
      if ('id' in message) this.#open.set(message.id, intake.begin());
      else if (message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'] as RequestId;
        // The client has forgotten the request. Only after a result does that of the SDK not open the stream again.
        if (answersCancelled && this.#open.has(id)) this.#send({ jsonrpc: '2.0', id, result: {} }).catch(() => {});
        this.#settle(id);
      }
    };
  }

  /** Whether a request of a body has the id of one that is being answered, or of another of the same body. */
  clashes(body: unknown): boolean {
    const ids = idsIn(body);
    return new Set(ids).size < ids.length || ids.some((id) => this.#open.has(id));
  }

  /**
   * Keeps what a request over HTTP holds until all it asks is answered, which may be after its connection is gone.
   *
   * @returns to be called when the request is answered or gone: lets go of what the transport did not take
   */
  hold(body: unknown, lease: RequestLease): () => void {
    const ids = idsIn(body);
    for (const id of ids) this.#held.set(id, lease.hold());
    return () => {
      for (const id of ids) if (!this.#open.has(id)) this.#letGo(id);
    };
  }

  /** Answers all that is open with an error. */
  async refuse(): Promise<void> {
    const error = { code: JSON_RPC.refused, message: 'The session ended before the request was answered.' };
    await Promise.allSettled([...this.#open.keys()].map((id) => this.#send({ jsonrpc: '2.0', id, error })));
    this.end();
  }

  /** The session is over: nothing is answered any more. */
  end(): void {
    for (const id of this.#open.keys()) this.#settle(id);
  }

  #settle(id: RequestId): void {
    this.#open.get(id)?.();
    this.#open.delete(id);
    this.#letGo(id);
  }

  #letGo(id: RequestId): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }
}

/** The ids of the requests of a body. */
function idsIn(body: unknown): readonly RequestId[] {
  return [body].flat().flatMap((message) => {
    const { id, method } = (message ?? {}) as { id?: RequestId; method?: unknown };
    return id === undefined || method === undefined ? [] : [id];
  });
}
