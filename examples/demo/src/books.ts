/** What is known of an event at Slack's end. */
export interface SentEvent {
  readonly eventId: string;
  readonly acknowledged: boolean;
}

/** The demo's accounts of events. */
export interface EventBooks {
  /** Distinct event ids. */
  readonly sent: number;
  /** Of those, taken by the server with a 2xx. */
  readonly acknowledged: number;
  /** Of those, handled by the worker. */
  readonly handled: number;
  /** Sent and never handled. */
  readonly lost: number;
  /** Handled more than once. */
  readonly doubled: number;
  /** Requests that repeated an event which the queue had already. */
  readonly duplicatesSuppressed: number;
}

/**
 * @param journal - the event id of every handling, in the order they happened
 * @param accepted - requests that the ingress answered with 200 after publishing
 */
export function balance(sent: readonly SentEvent[], journal: readonly string[], accepted: number): EventBooks {
  const ids = new Set(sent.map(({ eventId }) => eventId));
  const handled = new Set(journal);
  return {
    sent: ids.size,
    acknowledged: new Set(sent.filter(({ acknowledged }) => acknowledged).map(({ eventId }) => eventId)).size,
    handled: handled.size,
    lost: [...ids].filter((id) => !handled.has(id)).length,
    doubled: journal.length - handled.size,
    duplicatesSuppressed: accepted - journal.length,
  };
}
