import { randomBytes } from 'node:crypto';
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Quota } from '../../access/quota.ts';
import { flatString } from '../flat-string.ts';

/** Limits on the events that a session stores for a client whose stream breaks. */
export interface EventLimits {
  /** Maximum number of events of a session. */
  readonly count: number;
  /** Maximum bytes of a session's events. */
  readonly bytes: number;
  /** Milliseconds for which an event is stored. */
  readonly ageMs: number;
}

/** The default limits. Clients have five minutes to reconnect. */
export const EVENT_LIMITS: EventLimits = { count: 500, bytes: 2 ** 20, ageMs: 5 * 60_000 };

/** The owner of the events, and their limits. */
export interface SessionEventsOptions {
  readonly caller: string | undefined;
  /** Default: {@link EVENT_LIMITS}. */
  readonly limits?: EventLimits;
}

/** The text of the empty event that opens a stream. The SDK stores the same text. */
export const PRIMING = '{}';

interface KeptEvent {
  readonly number: number;
  readonly streamId: string;
  /**
   * The message as JSON. Messages are stored as JSON because JSON takes less memory than objects, and because messages
   * are parsed only for the few clients that reconnect.
   */
  readonly text: string;
  readonly at: number;
}

/**
 * Stores the recent events of a session's streams, so that a client whose connection broke can resume. The oldest
 * events are removed first, so that all events after a stored event are also stored. The store allocates no memory
 * before the first event.
 */
export class SessionEvents implements EventStore {
  readonly #limits: EventLimits;
  readonly #budget: Quota;
  readonly #caller: string | undefined;
  #events: KeptEvent[] = [];
  #bytes = 0;
  #next = 1;
  #name: string | undefined;

  /** @param budget - the quota of bytes for the events of all sessions, with a share for each caller */
  constructor(budget: Quota, { caller, limits = EVENT_LIMITS }: SessionEventsOptions) {
    this.#budget = budget;
    this.#caller = caller;
    this.#limits = limits;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    return this.store(flatString(streamId), JSON.stringify(message));
  }

  /** Stores a message that is already JSON. Returns the ID of the event. */
  store(streamId: string, text: string): string {
    // Other sessions use the same numbers.
    this.#name ??= randomBytes(6).toString('base64url');
    const event = { number: this.#next, streamId, text, at: performance.now() };
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
    if (last === undefined)
      throw new Error(
        'The event to resume from is no longer stored in this session: open a stream without Last-Event-ID.',
      );
    let sent = last.number;
    for (;;) {
      // Search again each time: while one event is sent, others may arrive or expire. Events after the last one are
      // sent on the reopened stream.
      const event = this.#events.find(({ number, streamId }) => number > sent && streamId === last.streamId);
      if (event === undefined) return last.streamId;
      if (event.text !== PRIMING) {
        await send(`${this.#name}.${event.number}`, JSON.parse(event.text) as JSONRPCMessage);
      }
      sent = event.number;
    }
  }

  /** Returns the events that follow an event in its stream, except the empty event that opens the stream. */
  after(eventId: string): { readonly id: string; readonly text: string }[] {
    const last = this.find(eventId);
    if (last === undefined) return [];
    return this.#events
      .filter(({ number, streamId, text }) => number > last.number && streamId === last.streamId && text !== PRIMING)
      .map(({ number, text }) => ({ id: `${this.#name}.${number}`, text }));
  }

  /**
   * Returns the number and the stream of the event with this ID. Returns undefined if the event belongs to another
   * session or is no longer stored.
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
