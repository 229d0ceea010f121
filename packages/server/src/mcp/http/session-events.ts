import { randomBytes } from 'node:crypto';
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Quota } from '../../access/quota.ts';

/** Limits on the events that are stored for clients that lose a stream. */
export interface EventLimits {
  /** Maximum number of events of a session. */
  readonly count: number;
  /** Maximum bytes of a session's events. */
  readonly bytes: number;
  /** Milliseconds for which an event is stored. */
  readonly ageMs: number;
}

/** Clients have five minutes to reconnect. */
export const EVENT_LIMITS: EventLimits = { count: 500, bytes: 2 ** 20, ageMs: 5 * 60_000 };

/** The owner of the events, and their limits. */
export interface SessionEventsOptions {
  readonly caller: string | undefined;
  /** Default: {@link EVENT_LIMITS}. */
  readonly limits?: EventLimits;
}

interface KeptEvent {
  readonly number: number;
  readonly streamId: string;
  /**
   * The message as JSON. JSON takes less memory than objects, and only the few clients that reconnect cause parsing.
   */
  readonly text: string;
  readonly at: number;
}

/**
 * The recent events of a session's streams, so that a client whose connection broke can resume. The oldest events are
 * removed first, so every stored event still has all its successors. Uses no memory before the first event.
 */
export class SessionEvents implements EventStore {
  readonly #limits: EventLimits;
  readonly #budget: Quota;
  readonly #caller: string | undefined;
  #events: KeptEvent[] = [];
  #bytes = 0;
  #next = 1;
  #name: string | undefined;

  /** @param budget - the bytes that the events of all sessions, and of each caller, may use */
  constructor(budget: Quota, { caller, limits = EVENT_LIMITS }: SessionEventsOptions) {
    this.#budget = budget;
    this.#caller = caller;
    this.#limits = limits;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    // Other sessions use the same numbers.
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
    if (last === undefined) throw new Error('The event does not belong to this session, or is no longer stored.');
    let sent = last.number;
    for (;;) {
      // Search again each time: while one event is sent, others may arrive or expire. Events after the last one are
      // sent on the reopened stream.
      const event = this.#events.find(({ number, streamId }) => number > sent && streamId === last.streamId);
      if (event === undefined) return last.streamId;
      const message = JSON.parse(event.text) as JSONRPCMessage;
      if (!isPriming(message)) await send(`${this.#name}.${event.number}`, message);
      sent = event.number;
    }
  }

  /**
   * The event with this ID and its stream. Undefined if the event belongs to another session or is no longer stored.
   */
  find(eventId: string): { readonly number: number; readonly streamId: string } | undefined {
    const [name, number] = eventId.split('.');
    if (this.#name === undefined || name !== this.#name) return undefined;
    this.#forget();
    return this.#events.find((event) => String(event.number) === number);
  }

  /** Removes expired events. */
  expire(): void {
    this.#forget();
  }

  /** Removes all events. */
  clear(): void {
    this.#count(-this.#bytes);
    this.#events = [];
  }

  #forget(): void {
    const { count, bytes, ageMs } = this.#limits;
    const tooOld = performance.now() - ageMs;
    // Above the limit, remove several at a time.
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

/** The SDK opens a stream with an empty event. */
function isPriming(message: object): boolean {
  return !('jsonrpc' in message);
}
