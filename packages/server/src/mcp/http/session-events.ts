import { randomBytes } from 'node:crypto';
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Quota } from '../../access/quota.ts';

/** How much is kept for clients that lose a stream. */
export interface EventLimits {
  /** Most events of a session. */
  readonly count: number;
  /** Bytes of a session's events. */
  readonly bytes: number;
  /** Milliseconds for which an event is kept. */
  readonly ageMs: number;
}

/** Five minutes to come back in. */
export const EVENT_LIMITS: EventLimits = { count: 500, bytes: 2 ** 20, ageMs: 5 * 60_000 };

/** Whose events they are, and how much is kept of them. */
export interface SessionEventsOptions {
  readonly caller: string | undefined;
  /** Default {@link EVENT_LIMITS}. */
  readonly limits?: EventLimits;
}

interface KeptEvent {
  readonly number: number;
  readonly streamId: string;
  /** The message as JSON: objects would cost more to keep than to read again for the few that come back. */
  readonly text: string;
  readonly at: number;
}

/**
 * What a session's streams have said lately, so that a client whose connection broke can go on where it was. Of what is
 * kept, the oldest goes first: an event that is still there has all its successors. Takes no memory before the first.
 */
export class SessionEvents implements EventStore {
  readonly #limits: EventLimits;
  readonly #budget: Quota;
  readonly #caller: string | undefined;
  #events: KeptEvent[] = [];
  #bytes = 0;
  #next = 1;
  #name: string | undefined;

  /** @param budget - bytes that the events of all sessions may take, and those of each caller */
  constructor(budget: Quota, { caller, limits = EVENT_LIMITS }: SessionEventsOptions) {
    this.#budget = budget;
    this.#caller = caller;
    this.#limits = limits;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    // Other sessions number theirs alike.
    this.#name ??= randomBytes(6).toString('base64url');
    const event = { number: this.#next, streamId, text: JSON.stringify(message), at: performance.now() };
    this.#next += 1;
    this.#events.push(event);
    this.#count(event.text.length);
    this.#forget();
    return `${this.#name}.${event.number}`;
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return this.find(eventId)?.streamId;
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = this.find(lastEventId);
    if (last === undefined) throw new Error('The event is not one of this session, or is not kept any more.');
    let sent = last.number;
    for (;;) {
      // Looked up anew each time: while one is sent, others may come and go. What comes after the last one was not
      // found finds the stream open.
      const event = this.#events.find(({ number, streamId }) => number > sent && streamId === last.streamId);
      if (event === undefined) return last.streamId;
      const message = JSON.parse(event.text) as JSONRPCMessage;
      if (!isPriming(message)) await send(`${this.#name}.${event.number}`, message);
      sent = event.number;
    }
  }

  /** The event of this id, with the stream it went out on; undefined if it is none of this session, or not kept. */
  find(eventId: string): { readonly number: number; readonly streamId: string } | undefined {
    const [name, number] = eventId.split('.');
    if (this.#name === undefined || name !== this.#name) return undefined;
    this.#forget();
    return this.#events.find((event) => String(event.number) === number);
  }

  /** Lets go of what is too old. */
  expire(): void {
    this.#forget();
  }

  /** Lets go of everything. */
  clear(): void {
    this.#count(-this.#bytes);
    this.#events = [];
  }

  #forget(): void {
    const { count, bytes, ageMs } = this.#limits;
    const tooOld = performance.now() - ageMs;
    // Once there are too many, several go at a time.
    const most = this.#events.length > count ? count - Math.floor(count / 16) : count;
    let gone = 0;
    for (const event of this.#events) {
      const fits = this.#events.length - gone <= most && this.#bytes <= bytes && this.#budget.allows(this.#caller, 0);
      if (fits && event.at > tooOld) break;
      this.#count(-event.text.length);
      gone += 1;
    }
    if (gone > 0) this.#events.splice(0, gone);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(this.#caller, bytes);
  }
}

/** The SDK opens a stream with an event that says nothing. */
function isPriming(message: object): boolean {
  return !('jsonrpc' in message);
}
