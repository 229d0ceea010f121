import type { ServerResponse } from 'node:http';
import type { Caller } from '../tools/caller.ts';

/** Milliseconds for which a request may still be answered after its credential has expired. */
const LAST_ANSWER_MS = 30_000;

/** The longest delay that a timer accepts. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Closes a caller's requests and streams when the credential expires or is revoked. */
export class CredentialWatch {
  readonly #open = new Map<ServerResponse, Caller>();

  /**
   * @param kind - when the credential expires, a stream closes at once, and a request may take up to half a minute
   * longer
   */
  watch(caller: Caller | undefined, response: ServerResponse, kind: 'stream' | 'request'): void {
    if (caller === undefined) return;
    this.#open.set(response, caller);
    const left = (caller.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    // The credential was accepted within the clock leeway: give the request the full period.
    const lastsMs = kind === 'request' || left <= 0 ? left + LAST_ANSWER_MS : left;
    const timer = lastsMs > LONGEST_TIMER ? undefined : setTimeout(() => response.destroy(), lastsMs).unref();
    response.once('close', () => {
      clearTimeout(timer);
      this.#open.delete(response);
    });
  }

  /** Closes all requests and streams of the given callers. */
  revoke(callers: ReadonlySet<Caller>): void {
    for (const [response, caller] of this.#open) if (callers.has(caller)) response.destroy();
  }
}
