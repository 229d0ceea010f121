import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import type { EventTimeline } from './event-timeline.ts';

/** The answer of `GET /ops/events`. */
export interface EventsAnswer {
  /** Which process answers. A server records when events are received; a worker records their attempts. */
  readonly process: 'server' | 'worker';
  /** The newest event first. */
  readonly events: readonly EventTimeline[];
}

/** What to search for. Times are in ISO 8601. */
export interface EventQuery {
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly channel?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** Finds events that this process has seen. */
export function findEvents({ recorder, process }: OpsContext, query: EventQuery): EventsAnswer {
  const { after, before, limit = 50, ...search } = query;
  const events = recorder.find(
    {
      ...search,
      ...(after !== undefined && { after: Date.parse(after) }),
      ...(before !== undefined && { before: Date.parse(before) }),
    },
    limit,
  );
  return { process, events };
}

/**
 * Returns the timelines of the events with this id. Usually this is one event, but events of two apps can have the same
 * id.
 *
 * @throws OpsError - `unknown_event`
 */
export function showEvent(ops: OpsContext, id: string): EventsAnswer {
  const answer = findEvents(ops, { id });
  if (answer.events.length > 0) return answer;
  throw new OpsError(
    'unknown_event',
    `This ${ops.process} has not seen the event ${id}, or has forgotten it. It remembers the latest ${ops.recorder.size} events.`,
  );
}
