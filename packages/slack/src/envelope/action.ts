/** One option of a menu, checkboxes or radio buttons. */
export interface SlackOption {
  readonly text?: { readonly type: string; readonly text: string };
  readonly value: string;
}

/** A button of a block or of an attachment. */
interface Button {
  readonly value?: string;
  /** The label of the button. */
  readonly text?: { readonly type: string; readonly text: string };
  readonly style?: string;
  /** The name of the button in an attachment. */
  readonly name?: string;
}

/** A menu with a single choice, an overflow menu or radio buttons. */
interface OneOption {
  readonly selected_option?: SlackOption | null;
}

/** A menu with several choices, or checkboxes. */
interface SeveralOptions {
  readonly selected_options?: readonly SlackOption[];
}

/** The text or number that the user entered. */
interface Input {
  readonly value?: string | null;
}

/** A dialog that the user submitted or cancelled. */
interface Dialog {
  /** The values that the user entered, by the names of the dialog's elements. */
  readonly submission?: Readonly<Record<string, string | null>>;
  /** The `state` that the app set when it opened the dialog. */
  readonly state?: string;
}

/**
 * The fields of an action, by the type of its element. The types include those of attachments and dialogs, the
 * predecessors of blocks and modals.
 */
interface FieldsByType {
  button: Button;
  channels_select: { readonly selected_channel?: string | null };
  checkboxes: SeveralOptions;
  conversations_select: { readonly selected_conversation?: string | null };
  /** `selected_date`: `YYYY-MM-DD`. */
  datepicker: { readonly selected_date?: string | null };
  /** `selected_date_time` is in seconds since the epoch. */
  datetimepicker: { readonly selected_date_time?: number | null };
  dialog_cancellation: Dialog;
  dialog_submission: Dialog;
  email_text_input: Input;
  external_select: OneOption;
  feedback_buttons: Button;
  icon_button: Button;
  multi_channels_select: { readonly selected_channels?: readonly string[] };
  multi_conversations_select: { readonly selected_conversations?: readonly string[] };
  multi_external_select: SeveralOptions;
  multi_static_select: SeveralOptions;
  multi_users_select: { readonly selected_users?: readonly string[] };
  number_input: Input;
  overflow: OneOption;
  plain_text_input: Input;
  radio_buttons: OneOption;
  rich_text_input: { readonly rich_text_value?: Readonly<Record<string, unknown>> };
  /** The menu of an attachment. */
  select: SeveralOptions & { readonly name?: string };
  static_select: OneOption;
  /** `selected_time`: `HH:mm`. */
  timepicker: { readonly selected_time?: string | null };
  url_text_input: Input;
  users_select: { readonly selected_user?: string | null };
  workflow_button: Button;
}

/** The type of an element in a block, an attachment or a dialog. */
export type SlackActionType = keyof FieldsByType;

interface CommonFields {
  /**
   * The id of an element in a block. Elements of attachments and dialogs have a `callback_id` instead of an
   * `action_id`.
   */
  readonly action_id?: string;
  readonly block_id?: string;
  readonly action_ts?: string;
  readonly callback_id?: string;
}

type AnyField = { [Type in SlackActionType]: keyof FieldsByType[Type] }[SlackActionType];

/**
 * The fields of actions of one type. The fields of other types are undefined, so that your code can read a field before
 * it checks `type`.
 */
type FieldsOf<Type extends SlackActionType> = FieldsByType[Type] & {
  readonly [Field in Exclude<AnyField, keyof FieldsByType[Type]>]?: undefined;
};

/**
 * A user's action in a message or view, such as a pressed button or a chosen option. The type is a union, discriminated
 * by `type`. Fields that Slack adds later are in `context.envelope`.
 */
export type SlackAction<Type extends SlackActionType = SlackActionType> = {
  [Each in SlackActionType]: CommonFields & { readonly type: Each } & FieldsOf<Each>;
}[Type];
