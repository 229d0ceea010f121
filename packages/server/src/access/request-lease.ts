import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GiveBack } from './quota.ts';

/** What a request holds of its caller's quotas: until it is answered, and as long as what it asked goes on. */
export class RequestLease {
  readonly #held: GiveBack[] = [];
  #holders = 1;

  /** Adds something that is held. */
  add(giveBack: GiveBack): void {
    if (this.#holders === 0) giveBack();
    else this.#held.push(giveBack);
  }

  /** Keeps it from being given back until what is returned is called. */
  hold(): GiveBack {
    this.#holders += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#leave();
      isHeld = false;
    };
  }

  /** The request is answered. Call it once. */
  end(): void {
    this.#leave();
  }

  #leave(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const giveBack of this.#held.splice(0)) giveBack();
  }
}

/** Where a request keeps it. */
export const LEASE = 'lease';

/** Begins what a request holds; it ends with its response. */
export function openLease(request: FastifyRequest, reply: FastifyReply): RequestLease {
  const lease = new RequestLease();
  request.setDecorator(LEASE, lease);
  // Each part that serves a request waits for its end.
  reply.raw.setMaxListeners(20);
  reply.raw.once('close', () => lease.end());
  return lease;
}

/** What a request holds. Only in a scope with access hooks. */
export function leaseOf(request: FastifyRequest): RequestLease {
  return request.getDecorator<RequestLease>(LEASE);
}
