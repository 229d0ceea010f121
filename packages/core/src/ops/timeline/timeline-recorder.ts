import {
  compareEntries,
  type EventFacts,
  type EventTimeline,
  type LiveStep,
  type TimelineEntry,
} from './event-timeline.ts';

/** Bounds of a {@link TimelineRecorder}. */
export interface TimelineLimits {
  /** Maximum number of events. Default 10000. */
  readonly maxEvents?: number;
  /** Maximum estimated size of all events in bytes. Default 16777216 (16 MiB). */
  readonly maxBytes?: number;
}

/** What to search for. Every given field must match. */
export interface TimelineSearch {
  /** The id of the message or of Slack's event. */
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly channel?: string | undefined;
  /** Only events with a step at or after this time, in milliseconds since the epoch. */
  readonly after?: number | undefined;
  /** Only events with a step before this time, in milliseconds since the epoch. */
  readonly before?: number | undefined;
}

interface Recorded {
  facts: EventFacts;
  readonly entries: TimelineEntry[];
  dropped: number;
  bytes: number;
}

/** Maximum number of entries of one event. After that, entries in the middle are dropped. */
const MAX_ENTRIES = 64;
/** Number of entries at the start of an event's timeline that are never dropped. */
const FIRST_ENTRIES = 8;
/** Estimated size of an event and of an entry without its texts. */
const EVENT_BYTES = 300;
const ENTRY_BYTES = 120;

/**
 * Remembers what happened to the latest events in this process. Forgets the oldest events beyond its limits. Recording
 * a step costs a lookup in a map.
 */
export class TimelineRecorder {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  readonly #events = new Map<string, Recorded>();
  readonly #listeners = new Set<(step: LiveStep) => void>();
  #bytes = 0;

  constructor({ maxEvents = 10_000, maxBytes = 16 * 2 ** 20 }: TimelineLimits = {}) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  /** Number of remembered events. */
  get size(): number {
    return this.#events.size;
  }

  /** Estimated size of the remembered events. */
  get bytes(): number {
    return this.#bytes;
  }

  record(facts: EventFacts, ...entries: readonly TimelineEntry[]): void {
    const event = this.#events.get(facts.messageId) ?? this.#add(facts);
    for (const entry of entries) this.#append(event, entry);
    while ((this.#events.size > this.#maxEvents || this.#bytes > this.#maxBytes) && this.#events.size > 1) {
      this.#forgetOldest();
    }
    if (this.#listeners.size === 0) return;
    for (const entry of entries) for (const listener of this.#listeners) listener({ ...event.facts, entry });
  }

  /** Returns the matching events, newest first. */
  find(search: TimelineSearch, limit: number): EventTimeline[] {
    const found: EventTimeline[] = [];
    for (const event of [...this.#events.values()].reverse()) {
      if (found.length === limit) break;
      if (matches(event, search)) found.push(timelineOf(event));
    }
    return found;
  }

  /** Calls the listener with every step. The listener must return quickly. Returns a function that removes it. */
  listen(listener: (step: LiveStep) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #add(facts: EventFacts): Recorded {
    const texts = [facts.messageId, facts.messageId, facts.key, facts.eventId, facts.type, facts.channel];
    const bytes = EVENT_BYTES + texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    const event: Recorded = { facts, entries: [], dropped: 0, bytes };
    this.#events.set(facts.messageId, event);
    this.#bytes += bytes;
    return event;
  }

  #append(event: Recorded, entry: TimelineEntry): void {
    event.entries.push(entry);
    this.#resize(event, sizeOf(entry));
    if (event.entries.length <= MAX_ENTRIES) return;
    const [removed] = event.entries.splice(FIRST_ENTRIES, 1);
    event.dropped += 1;
    if (removed !== undefined) this.#resize(event, -sizeOf(removed));
  }

  #resize(event: Recorded, bytes: number): void {
    event.bytes += bytes;
    this.#bytes += bytes;
  }

  #forgetOldest(): void {
    const [oldest] = this.#events;
    if (oldest === undefined) return;
    this.#events.delete(oldest[0]);
    this.#bytes -= oldest[1].bytes;
  }
}

function sizeOf({ group, error, code }: TimelineEntry): number {
  return ENTRY_BYTES + (group?.length ?? 0) + (error?.length ?? 0) + (code?.length ?? 0);
}

function matches({ facts, entries }: Recorded, { id, type, channel, after, before }: TimelineSearch): boolean {
  return (
    (id === undefined || facts.messageId === id || facts.eventId === id) &&
    (type === undefined || facts.type === type) &&
    (channel === undefined || facts.channel === channel) &&
    entries.some(({ at }) => (after === undefined || at >= after) && (before === undefined || at < before))
  );
}

/** Sorts the entries, because the server and a worker in one process record steps of one event at the same time. */
function timelineOf({ facts, entries, dropped }: Recorded): EventTimeline {
  return { ...facts, entries: entries.toSorted(compareEntries), dropped };
}
