import type { SlackEnvelope } from './slack-envelope.ts';

/**
 * A user's interaction with a button, a menu, a modal or a shortcut. Fields that only some kinds of interaction have
 * are optional.
 */
export interface SlackInteraction extends SlackEnvelope {
  readonly type: string;
  readonly user: { readonly id: string; readonly name?: string; readonly team_id?: string };
  readonly team?: { readonly id: string; readonly domain?: string } | null;
  /** The channel of the interaction; absent for modals and global shortcuts. */
  readonly channel?: { readonly id: string; readonly name?: string };
  /**
   * Use the trigger to open a modal within three seconds of the interaction. A queued interaction may arrive too late
   * for its trigger.
   */
  readonly trigger_id?: string;
  readonly response_url?: string;
}

/** The value of one input of a view. The fields depend on `type`. */
export interface SlackViewInput {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_date?: string | null;
  readonly selected_time?: string | null;
  readonly selected_user?: string | null;
  readonly selected_users?: readonly string[];
  readonly selected_channel?: string | null;
  readonly selected_conversation?: string | null;
  readonly selected_option?: { readonly value: string } | null;
  readonly selected_options?: readonly { readonly value: string }[];
  readonly [field: string]: unknown;
}

/** A modal that was submitted or closed. The user is in `context.envelope.user`. */
export interface SlackView {
  readonly id: string;
  readonly type: string;
  readonly callback_id: string;
  /** The `private_metadata` that the app set when it opened the view. */
  readonly private_metadata: string;
  /** The values of the inputs, by `block_id` and `action_id`. */
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, SlackViewInput>>>> };
  readonly hash: string;
  readonly external_id?: string;
  readonly root_view_id?: string;
  readonly previous_view_id?: string | null;
  readonly [field: string]: unknown;
}

/** A shortcut from the search bar or the composer, which belongs to no conversation. */
export interface GlobalShortcut extends SlackInteraction {
  readonly type: 'shortcut';
  readonly callback_id: string;
  readonly trigger_id: string;
}

/** A shortcut from the menu of a message. */
export interface MessageShortcut extends SlackInteraction {
  readonly type: 'message_action';
  readonly callback_id: string;
  readonly trigger_id: string;
  readonly message_ts: string;
  readonly channel: { readonly id: string; readonly name?: string };
  readonly message: { readonly ts: string; readonly text?: string; readonly [field: string]: unknown };
  readonly response_url: string;
}

/** A global shortcut or a message shortcut, discriminated by `type`. */
export type SlackShortcut = GlobalShortcut | MessageShortcut;

/** A request for the options of a menu, with the text that the user has typed. */
export interface SlackOptionsRequest extends SlackInteraction {
  /**
   * The type of the request. `dialog_suggestion` and `interactive_message` have a `callback_id` instead of an
   * `action_id`.
   */
  readonly type: 'block_suggestion' | 'dialog_suggestion' | 'interactive_message';
  readonly action_id?: string;
  readonly callback_id?: string;
  readonly block_id?: string;
  readonly value: string;
}
