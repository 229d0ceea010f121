import type { SlackAction } from './action.ts';
import type { SlackOptionsRequest, SlackShortcut, SlackView } from './interaction.ts';
import { isRecord } from './json-record.ts';
import type { AnyEvent, SlackEnvelope, SlashCommand } from './slack-envelope.ts';

/** A payload, classified by its content. */
export type Incoming =
  | { readonly kind: 'event'; readonly name: string; readonly event: AnyEvent }
  | { readonly kind: 'command'; readonly name: string; readonly command: SlashCommand }
  | { readonly kind: 'action'; readonly name: string; readonly actions: readonly IncomingAction[] }
  | { readonly kind: 'view'; readonly name: string; readonly id: string; readonly view: SlackView; closed: boolean }
  | { readonly kind: 'shortcut'; readonly name: string; readonly id: string; readonly shortcut: SlackShortcut }
  | { readonly kind: 'options'; readonly name: string; readonly id: string; readonly request: SlackOptionsRequest }
  | { readonly kind: 'other'; readonly name: string };

/** An action and the id by which handlers match it. */
export interface IncomingAction {
  readonly id: string;
  readonly action: SlackAction;
}

/** Classifies a payload. Never fails: the kind of an unknown payload is `other`. */
export function readPayload(payload: SlackEnvelope): Incoming {
  const { event, type, command } = payload;
  if (isRecord(event) && typeof event['type'] === 'string') {
    return { kind: 'event', name: event['type'], event: event as AnyEvent };
  }
  // The only event without an envelope: Slack reports that it withheld events.
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
      // A menu of an attachment requests its options with the type of its actions.
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
