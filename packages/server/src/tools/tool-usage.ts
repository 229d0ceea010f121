/** Advice on when and how to use a tool, which is the content of the tool's usage prompt. */
export interface ToolUsage {
  readonly title: string;
  /** When to use the tool. The text completes the sentence "Use the tool when …". */
  readonly when: string;
  /** How to use the tool. Each item is one piece of advice. */
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
  description: 'The id or name of the channel to use',
};
