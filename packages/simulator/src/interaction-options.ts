/** The options of `slashCommand`, which simulates a user who runs a slash command. */
export interface SlashCommandOptions {
  /** With the slash: `/deploy`. */
  command: string;
  text?: string | undefined;
  /** User id or name; the default is the first person of the workspace. */
  user?: string | undefined;
  /** Channel id or name; the default is the general channel. */
  channel?: string | undefined;
}

/** The options of `blockAction`, which simulates a click on an interactive element. */
export interface BlockActionOptions {
  actionId: string;
  blockId?: string | undefined;
  value?: string | undefined;
  /** The element's type; default `button`. */
  type?: string | undefined;
  user?: string | undefined;
  channel?: string | undefined;
  /** The `ts` of the message that contains the element. */
  messageTs?: string | undefined;
}
