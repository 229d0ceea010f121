/** A slash command that a user runs. */
export interface SlashCommandOptions {
  /** With the slash: `/deploy`. */
  command: string;
  text?: string | undefined;
  /** User id or name; default the first person of the workspace. */
  user?: string | undefined;
  /** Channel id or name; default the general channel. */
  channel?: string | undefined;
}

/** A click on an interactive element. */
export interface BlockActionOptions {
  actionId: string;
  blockId?: string | undefined;
  value?: string | undefined;
  /** The element's type; default `button`. */
  type?: string | undefined;
  user?: string | undefined;
  channel?: string | undefined;
  /** The message that contains the element. */
  messageTs?: string | undefined;
}
