/** An optional string argument of a prompt. */
export interface PromptArgument {
  readonly name: string;
  readonly description: string;
}

/** A prompt, described independently of the protocol that serves it. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** The tool that the prompt describes. The prompt is listed only if the tool is listed. */
  readonly tool: string;
  /** Returns the text of the user's message. */
  render(args: Readonly<Record<string, string>>): string;
}

/** A prompt as clients see it. */
export type PromptDescription = Omit<Prompt, 'tool' | 'render'>;
