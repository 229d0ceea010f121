import type { SlackAction, SlackOptionsRequest, SlackShortcut, SlackView } from './interaction.ts';

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

/** A payload, told apart by its content alone. */
export type Incoming =
  | { readonly kind: 'event'; readonly name: string; readonly event: AnyEvent }
  | { readonly kind: 'command'; readonly name: string; readonly command: SlashCommand }
  | { readonly kind: 'action'; readonly name: string; readonly actions: readonly IncomingAction[] }
  | { readonly kind: 'view'; readonly name: string; readonly id: string; readonly view: SlackView; closed: boolean }
  | { readonly kind: 'shortcut'; readonly name: string; readonly id: string; readonly shortcut: SlackShortcut }
  | { readonly kind: 'options'; readonly name: string; readonly id: string; readonly request: SlackOptionsRequest }
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
  if (typeof type === 'string' && type !== '') return readInteraction(payload, type);
  if (typeof command === 'string') {
    return { kind: 'command', name: command, command: payload as unknown as SlashCommand };
  }
  return { kind: 'other', name: 'unknown' };
}

function readInteraction(payload: SlackEnvelope, name: string): Incoming {
  const { view, callback_id, action_id } = payload;
  switch (name) {
    case 'interactive_message':
      // A menu of an attachment asks for options under the type of its actions.
      if (!Array.isArray(payload['actions'])) return { kind: 'options', name, ...optionsOf(payload, callback_id) };
      return { kind: 'action', name, actions: readActions(payload) };
    case 'block_actions':
      return { kind: 'action', name, actions: readActions(payload) };
    case 'dialog_submission':
    case 'dialog_cancellation':
      return { kind: 'action', name, actions: [{ id: text(callback_id), action: payload as unknown as SlackAction }] };
    case 'view_submission':
    case 'view_closed': {
      if (!isRecord(view)) return { kind: 'other', name };
      const closed = name === 'view_closed';
      return { kind: 'view', name, id: text(view['callback_id']), view: view as unknown as SlackView, closed };
    }
    case 'shortcut':
    case 'message_action':
      return { kind: 'shortcut', name, id: text(callback_id), shortcut: payload as SlackShortcut };
    case 'block_suggestion':
      return { kind: 'options', name, ...optionsOf(payload, action_id) };
    case 'dialog_suggestion':
      return { kind: 'options', name, ...optionsOf(payload, callback_id) };
    default:
      return { kind: 'other', name };
  }
}

function readActions(payload: SlackEnvelope): IncomingAction[] {
  const { actions, callback_id } = payload;
  return (Array.isArray(actions) ? actions : []).filter(isRecord).map((action) => {
    return { id: text(action['action_id'] ?? callback_id), action: action as unknown as SlackAction };
  });
}

function optionsOf(payload: SlackEnvelope, id: unknown): { id: string; request: SlackOptionsRequest } {
  return { id: text(id), request: payload as SlackOptionsRequest };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
