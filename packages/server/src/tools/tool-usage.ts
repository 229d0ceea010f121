/** When and how to use a tool well: the content of its usage prompt. */
export interface ToolUsage {
  readonly title: string;
  /** Each text completes "Use the tool when …". */
  readonly when: string;
  /** Each text is one piece of advice. */
  readonly guidance: readonly string[];
  /** The tool arguments that a person can fill in. */
  readonly arguments: readonly UsageArgument[];
}

/** A string argument that a person can fill in. */
export interface UsageArgument {
  readonly name: string;
  readonly description: string;
}

/** The channel to use the tool with. */
export const CHANNEL_USAGE: UsageArgument = {
  name: 'channel',
  description: 'The channel to use: an id or a name',
};
