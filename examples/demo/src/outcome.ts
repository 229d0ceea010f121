import type { EventBooks } from './books.ts';
import type { Tour } from './mcp-tour.ts';

/** All that one run of the demo established. */
export interface Outcome {
  readonly events: EventBooks;
  /** By transport. */
  readonly tours: Readonly<Record<string, Tour>>;
  /** Mentions that were sent, and those answered in Slack. */
  readonly mentions: number;
  readonly replies: number;
}
const LEAST_EVENTS = 50;

/** What the run did not hold; empty when all is well. */
export function problems({ events, tours, mentions, replies }: Outcome): string[] {
  const found = [
    [events.sent >= LEAST_EVENTS, `${events.sent} events are too few to show anything`],
    [events.acknowledged === events.sent, `${events.sent - events.acknowledged} events were never acknowledged`],
    [events.lost === 0, `${events.lost} events were lost`],
    [events.doubled === 0, `${events.doubled} events were handled twice`],
    [events.duplicatesSuppressed > 0, 'no event came to the ingress twice: the cut-offs did not work'],
    [replies === mentions, `${mentions} mentions got ${replies} answers`],
    ...Object.entries(tours).flatMap(([transport, { failures }]) =>
      failures.map((failure) => [false, `${transport}: ${failure}`] as const),
    ),
  ] as const;
  return found.filter(([held]) => !held).map(([, problem]) => problem);
}
