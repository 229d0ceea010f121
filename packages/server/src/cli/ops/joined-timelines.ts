import { compareEntries, type EventsAnswer, type EventTimeline, type TimelineEntry } from '@slack-mcp/core/ops';

/** A step with the process that recorded it. */
export interface JoinedEntry extends TimelineEntry {
  readonly process: EventsAnswer['process'];
}

/** The timeline of an event from several processes. */
export interface JoinedTimeline extends Omit<EventTimeline, 'entries'> {
  readonly entries: readonly JoinedEntry[];
}

/** Joins the timelines of several processes by the ids of the messages. The newest event comes first. */
export function joinTimelines(answers: readonly EventsAnswer[]): readonly JoinedTimeline[] {
  const seen = answers.flatMap(({ process, events }) => events.map((event) => ({ process, event })));
  const byId = Map.groupBy(seen, ({ event }) => event.messageId);
  return [...byId.values()]
    .map((parts): JoinedTimeline => {
      const entries = parts.flatMap(({ process, event }) => event.entries.map((entry) => ({ ...entry, process })));
      const facts = Object.assign({}, ...parts.map(({ event }) => event)) as EventTimeline;
      const dropped = parts.reduce((sum, { event }) => sum + event.dropped, 0);
      return { ...facts, dropped, entries: entries.sort(compareEntries) };
    })
    .sort((one, other) => (other.entries[0]?.at ?? 0) - (one.entries[0]?.at ?? 0));
}
