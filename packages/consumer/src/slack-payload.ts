/** What Slack sent, whatever the transport. The fields named here are those of an Events API envelope. */
export interface SlackEnvelope {
  readonly type?: string;
  readonly team_id?: string;
  readonly enterprise_id?: string | null;
  readonly api_app_id?: string;
  /** Unique per event, and the same when Slack sends it again. */
  readonly event_id?: string;
  /** Seconds since the epoch. */
  readonly event_time?: number;
  readonly [field: string]: unknown;
}

/** An inner event before its type is known. */
export interface AnyEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A slash command: the fields of its form, all of them strings. */
export interface SlashCommand {
  readonly command: string;
  readonly text: string;
  readonly user_id: string;
  readonly channel_id: string;
  readonly team_id: string;
  readonly trigger_id: string;
  readonly response_url: string;
  readonly [field: string]: unknown;
}

/** What a user did in a message or view: a button pressed, an option chosen. The rest is in `context.envelope`. */
export interface SlackAction {
  readonly type: string;
  /** Blocks name it so; attachments use the `callback_id` of their message instead. */
  readonly action_id?: string;
  readonly block_id?: string;
  readonly value?: string;
  readonly [field: string]: unknown;
}

/** A payload, told apart by its content alone. */
export type Incoming =
  | { readonly kind: 'event'; readonly name: string; readonly event: AnyEvent }
  | { readonly kind: 'command'; readonly name: string; readonly command: SlashCommand }
  | { readonly kind: 'action'; readonly name: string; readonly actions: readonly IncomingAction[] }
  | { readonly kind: 'interaction'; readonly name: string }
  | { readonly kind: 'other'; readonly name: string };

/** An action with the id that handlers name it by. */
export interface IncomingAction {
  readonly id: string;
  readonly action: SlackAction;
}

/** Tells what a payload is. Total: what it cannot place is `other`. */
export function readPayload(payload: SlackEnvelope): Incoming {
  const { event, type, command } = payload;
  if (isRecord(event) && typeof event['type'] === 'string') {
    return { kind: 'event', name: event['type'], event: event as AnyEvent };
  }
  // The one event without an envelope: Slack says that it held events back.
  if (type === 'app_rate_limited') return { kind: 'event', name: type, event: payload as AnyEvent };
  if (type === 'block_actions' || type === 'interactive_message') {
    return { kind: 'action', name: type, actions: readActions(payload) };
  }
  if (typeof type === 'string' && type !== '') return { kind: 'interaction', name: type };
  if (typeof command === 'string') {
    return { kind: 'command', name: command, command: payload as unknown as SlashCommand };
  }
  return { kind: 'other', name: 'unknown' };
}

function readActions(payload: SlackEnvelope): IncomingAction[] {
  const { actions, callback_id } = payload;
  return (Array.isArray(actions) ? actions : []).filter(isRecord).map((action) => {
    const id = action['action_id'] ?? callback_id;
    return { id: typeof id === 'string' ? id : '', action: action as unknown as SlackAction };
  });
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
