/** What happened to an event. */
export type TimelineStep =
  | 'received'
  | 'stored'
  | 'spooled'
  | 'duplicate'
  | 'collapsed'
  | 'not_stored'
  | 'attempt'
  | 'handled'
  | 'retry'
  | 'dead_lettered'
  | 'handed_back'
  | 'redriven'
  | 'purged';

/** One step of an event. Never contains the text of a message. */
export interface TimelineEntry {
  readonly step: TimelineStep;
  /** When the step happened, in milliseconds since the epoch. */
  readonly at: number;
  /** The group of an attempt, of its outcome, or of a redrive or purge. */
  readonly group?: string;
  /** The number of the attempt. The first attempt and the first attempt after a redrive have number 1. */
  readonly attempt?: number;
  readonly durationMs?: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs?: number;
  /** The name of the error that caused the step, for example `TypeError`. */
  readonly error?: string;
  /** The code of the error, or why the event was parked, for example `MAX_RETRIES`. */
  readonly code?: string;
}

/** The ids, key, type and channel of an event. */
export interface EventFacts {
  readonly messageId: string;
  readonly key: string;
  /** The id that Slack gave the event. */
  readonly eventId?: string | undefined;
  /** The type of the event, for example `app_mention`. */
  readonly type?: string | undefined;
  readonly channel?: string | undefined;
}

/** The steps of one event that this process has seen, oldest first. */
export interface EventTimeline extends EventFacts {
  readonly entries: readonly TimelineEntry[];
  /** Number of entries that were dropped because the event had too many. */
  readonly dropped: number;
}

/** One step and the event that it belongs to, as passed to listeners. */
export interface LiveStep extends EventFacts {
  readonly entry: TimelineEntry;
}

/** Steps that cause other steps. They come first among steps of the same millisecond. */
const CAUSES: readonly TimelineStep[] = ['received', 'redriven', 'spooled', 'stored', 'attempt'];

/** Compares two entries of an event by time. */
export function compareEntries(one: TimelineEntry, other: TimelineEntry): number {
  return one.at - other.at || rankOf(one) - rankOf(other);
}

function rankOf({ step }: TimelineEntry): number {
  const rank = CAUSES.indexOf(step);
  return rank === -1 ? CAUSES.length : rank;
}
