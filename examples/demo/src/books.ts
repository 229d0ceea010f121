/** An event as Slack sent it. */
export interface SentEvent {
  readonly eventId: string;
  readonly acknowledged: boolean;
}

/** The balance of events in the demo. */
export interface EventBooks {
  /** Distinct event ids. */
  readonly sent: number;
  /** Of the sent events, those that the server acknowledged with a 2xx. */
  readonly acknowledged: number;
  /** Of the sent events, those that the worker handled. */
  readonly handled: number;
  /** Sent but never handled. */
  readonly lost: number;
  /** Handled more than once. */
  readonly doubled: number;
  /** Requests that repeated an event already in the queue. */
  readonly duplicatesSuppressed: number;
}

/**
 * @param journal - the event id of every handled event, in order
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
