import type { EventBooks } from './books.ts';
import type { Tour } from './mcp-tour.ts';

/** The results of one run of the demo. */
export interface Outcome {
  readonly events: EventBooks;
  /** By transport. */
  readonly tours: Readonly<Record<string, Tour>>;
  /** Mentions that were sent, and how many of them Slack shows a reply to. */
  readonly mentions: number;
  readonly replies: number;
}
const LEAST_EVENTS = 50;

/** The promises that the run broke; empty on success. */
export function problems({ events, tours, mentions, replies }: Outcome): string[] {
  const found = [
    [events.sent >= LEAST_EVENTS, `${events.sent} events are too few for a result`],
    [events.acknowledged === events.sent, `${events.sent - events.acknowledged} events were never acknowledged`],
    [events.lost === 0, `${events.lost} events were lost`],
    [events.doubled === 0, `${events.doubled} events were handled twice`],
    [events.duplicatesSuppressed > 0, 'no event reached the ingress twice: the cut-offs did not work'],
    [replies === mentions, `${mentions} mentions received ${replies} replies`],
    ...Object.entries(tours).flatMap(([transport, { failures }]) =>
      failures.map((failure) => [false, `${transport}: ${failure}`] as const),
    ),
  ] as const;
  return found.filter(([held]) => !held).map(([, problem]) => problem);
}
