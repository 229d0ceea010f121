import type { ServerResponse } from 'node:http';
import type { Caller } from '../tools/caller.ts';

/** Milliseconds after a credential has ended in which a request that was begun before may still be answered. */
const LAST_ANSWER_MS = 30_000;

/** Longest that a timer takes. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Ends what is open when the credential of its caller does: at its expiry, or when it is revoked. */
export class CredentialWatch {
  readonly #open = new Map<ServerResponse, Caller>();

  /**
   * @param kind - a stream ends at once, a request is answered if that takes no longer than half a minute more
   */
  watch(caller: Caller | undefined, response: ServerResponse, kind: 'stream' | 'request'): void {
    if (caller === undefined) return;
    this.#open.set(response, caller);
    const left = (caller.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    // What was let in by the leeway that clocks have gets all of it.
    const lastsMs = kind === 'request' || left <= 0 ? left + LAST_ANSWER_MS : left;
    const timer = lastsMs > LONGEST_TIMER ? undefined : setTimeout(() => response.destroy(), lastsMs).unref();
    response.once('close', () => {
      clearTimeout(timer);
      this.#open.delete(response);
    });
  }

  /** Ends all that is open for these. */
  revoke(callers: ReadonlySet<Caller>): void {
    for (const [response, caller] of this.#open) if (callers.has(caller)) response.destroy();
  }
}
