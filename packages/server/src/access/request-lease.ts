import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GiveBack } from './quota.ts';

/**
 * The share of a caller's quotas that a request holds until the request is answered and the work that it started has
 * ended.
 */
export class RequestLease {
  readonly #held: GiveBack[] = [];
  #holders = 1;

  /**
   * Adds a function that returns an amount to a quota when the lease ends. If the lease has already ended, calls the
   * function at once.
   */
  add(giveBack: GiveBack): void {
    if (this.#holders === 0) giveBack();
    else this.#held.push(giveBack);
  }

  /** Keeps the lease open until you call the returned function. */
  hold(): GiveBack {
    this.#holders += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#leave();
      isHeld = false;
    };
  }

  /** Ends the request's own hold on the lease. Call this method once, when the request is answered. */
  end(): void {
    this.#leave();
  }

  #leave(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const giveBack of this.#held.splice(0)) giveBack();
  }
}

/** The name of the request decorator that stores the lease. */
export const LEASE = 'lease';

/** Opens the lease of a request. The request's own hold ends when the response is closed. */
export function openLease(request: FastifyRequest, reply: FastifyReply): RequestLease {
  const lease = new RequestLease();
  request.setDecorator(LEASE, lease);
  // Each part that serves a request listens for its end.
  reply.raw.setMaxListeners(20);
  reply.raw.once('close', () => lease.end());
  return lease;
}

/** Returns the lease of a request. Use this function only in a scope with access hooks. */
export function leaseOf(request: FastifyRequest): RequestLease {
  return request.getDecorator<RequestLease>(LEASE);
}
