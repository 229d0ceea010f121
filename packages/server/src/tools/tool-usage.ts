/** When and how to use a tool well: what a usage prompt is made of. */
export interface ToolUsage {
  readonly title: string;
  /** Completes "Use the tool when …". */
  readonly when: string;
  /** One advice each. */
  readonly guidance: readonly string[];
  /** The arguments of the tool that a person may fill in. */
  readonly arguments: readonly UsageArgument[];
}

/** An argument that a person may fill in, a string. */
export interface UsageArgument {
  readonly name: string;
  readonly description: string;
}

/** The channel that a tool is to be used for. */
export const CHANNEL_USAGE: UsageArgument = {
  name: 'channel',
  description: 'The channel it is about: an id or a name',
};
