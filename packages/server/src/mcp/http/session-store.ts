import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Logger } from '@slack-mcp/core';
import type { GiveBack, Quota } from '../../access/quota.ts';

/** A client's session. */
export interface Session {
  readonly id: string;
  readonly kind: 'streamable-http' | 'sse';
  /**
   * The ID of the owner: the caller that opened the session or, for a session that Slack opened, the first user that
   * uses it.
   */
  caller: string | undefined;
  /** Removes expired data of the session. Called periodically. */
  expire?(): void;
  /** Ends the session's streams. The session then removes itself from the store. */
  close(): Promise<void>;
}

/** Options of `SessionStore`. */
export interface SessionStoreOptions {
  /** Milliseconds after which a session without requests and open streams ends. */
  idleMs: number;
  /** The limit of sessions, per caller and in total. */
  quota: Quota;
  logger: Logger;
}

interface Entry<S extends Session> {
  readonly session: S;
  readonly openedAt: number;
  lastUsedAt: number;
  /** The number of open requests and streams of the session. */
  open: number;
  readonly giveBack: GiveBack;
}

type EndReason = 'ended by the client' | 'idle' | 'made room' | 'revoked' | 'shutdown';

/** The caller ID of Slack itself, for requests that name no user. */
const SLACK = 'slack';

/** The sessions of one server. Clients rarely end their sessions, so the store ends idle sessions. */
export class SessionStore<S extends Session = Session> {
  readonly #entries = new Map<string, Entry<S>>();
  readonly #reasons = new Map<string, EndReason>();
  readonly #options: SessionStoreOptions;
  readonly #sweep: NodeJS.Timeout;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
    const interval = Math.min(Math.max(options.idleMs / 4, 10), 60_000);
    this.#sweep = setInterval(() => this.#tidy(), interval).unref();
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Makes room for one more session of a caller. If necessary, ends the least recently used of the caller's idle
   * sessions. Returns false if there is no room and the caller has no idle session.
   */
  makeRoom(caller: string | undefined): boolean {
    if (this.#options.quota.allows(caller)) return true;
    let oldest: Entry<S> | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.session.caller !== caller || entry.open > 0) continue;
      if (oldest === undefined || entry.lastUsedAt < oldest.lastUsedAt) oldest = entry;
    }
    if (oldest === undefined) return false;
    oldest.giveBack();
    this.#end(oldest, 'made room');
    return this.#options.quota.allows(caller);
  }

  add(session: S): void {
    const now = performance.now();
    // Two sessions that opened at the same time may both have found room. Count both.
    this.#options.quota.add(session.caller, 1);
    const { caller } = session;
    let isHeld = true;
    const giveBack = (): void => {
      if (isHeld) this.#options.quota.add(caller, -1);
      isHeld = false;
    };
    this.#entries.set(session.id, { session, openedAt: now, lastUsedAt: now, open: 0, giveBack });
    this.#options.logger.info({ session: shortName(session.id), transport: session.kind }, 'mcp_session_opened');
  }

  /**
   * Returns the session if it belongs to the caller. A session that Slack opened belongs to the first user for whom
   * Slack sends a request in it.
   *
   * @param needsNoUser - whether the request may omit the user; Slack itself may send such requests in any session that
   * it opened
   */
  get(id: string, caller: string | undefined, needsNoUser = false): S | undefined {
    const session = this.#entries.get(id)?.session;
    if (session === undefined || session.caller === caller) return session;
    if (session.caller === SLACK && caller?.startsWith(`${SLACK}:`)) {
      session.caller = caller;
      return session;
    }
    return needsNoUser && caller === SLACK && session.caller?.startsWith(`${SLACK}:`) ? session : undefined;
  }

  /** Ends all sessions of the given callers. */
  async endOf(callers: ReadonlySet<string>): Promise<void> {
    const theirs = [...this.#entries.values()].filter(({ session }) => callers.has(session.caller ?? ''));
    await Promise.all(theirs.map((entry) => this.#end(entry, 'revoked')));
  }

  /** Marks a session as in use until the response is closed. */
  hold(id: string, response: ServerResponse): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.open += 1;
    response.once('close', () => {
      entry.open -= 1;
      entry.lastUsedAt = performance.now();
    });
  }

  /** Removes a session that has ended. */
  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!this.#entries.delete(id) || entry === undefined) return;
    entry.giveBack();
    const reason = this.#reasons.get(id) ?? 'ended by the client';
    this.#reasons.delete(id);
    const durationMs = Math.round(performance.now() - entry.openedAt);
    this.#options.logger.info(
      { session: shortName(id), transport: entry.session.kind, durationMs, reason },
      'mcp_session_closed',
    );
  }

  /** Ends every session. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#entries.values()].map((entry) => this.#end(entry, 'shutdown')));
  }

  #tidy(): void {
    const silentSince = performance.now() - this.#options.idleMs;
    for (const entry of this.#entries.values()) {
      if (entry.open === 0 && entry.lastUsedAt <= silentSince) this.#end(entry, 'idle');
      else entry.session.expire?.();
    }
  }

  async #end({ session }: Entry<S>, reason: EndReason): Promise<void> {
    this.#reasons.set(session.id, reason);
    try {
      await session.close();
    } finally {
      this.remove(session.id);
      this.#reasons.delete(session.id);
    }
  }
}

/**
 * Returns a short name of a session for logs. The full ID of a session must stay secret, because it gives access to the
 * session.
 */
function shortName(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}
